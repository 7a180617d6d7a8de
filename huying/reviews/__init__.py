"""Call-back, satisfaction, checks after closing, look-backs, deductions and appraisal."""
