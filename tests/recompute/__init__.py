"""Another reader and another arithmetic for the figures of a period."""
