"""What is generated for people to read: whole documents, and blocks inside of others."""
