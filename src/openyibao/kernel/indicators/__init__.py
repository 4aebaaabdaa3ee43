"""Indicators 指标: what is counted (`quantity`, `listed`), exactly (`value`), judged (`judging`, `pace`), and reserves (`reserve`)."""
