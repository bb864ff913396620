"""The public page that verifies a proof (参保证明) in the browser, and what it is given; nobody signs in here."""
