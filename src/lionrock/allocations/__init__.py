"""What an award may use: quota by item and period."""
