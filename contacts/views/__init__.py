"""What the addresses of contacts answer; the contact page itself is composed above (communitycrm.pages)."""
