"""Policies read and changed 政策查阅与调整: the readable document, comparisons, drafts, approval, emergency rules."""
