"""Every read of use; each takes the viewer, and shows no one another's figures."""
