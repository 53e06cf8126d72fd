//! Accounts: whose rows these are. A merchant with one account never notices.
