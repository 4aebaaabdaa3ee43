"""The entitlement desk 待遇资格: chronic and two-disease grants, off-site filings, referrals, fixed providers, aid classes."""
