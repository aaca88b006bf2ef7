"""Everything that depends on eventlet. No other package imports eventlet."""
