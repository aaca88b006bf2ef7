"""What HTTP needs beyond uvicorn and Starlette."""
