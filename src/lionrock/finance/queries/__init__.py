"""What finance reads; each takes the viewer, and a programme that is not the viewer's is not there."""
