"""What ``company-profiles check`` looks at: settings, surroundings and data."""
