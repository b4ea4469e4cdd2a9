"""Months after the shipped ones, generated month by month from the one before."""
