"""Rehearse a peak: bounded synthetic load, measured from the moment a call was due."""
