"""Parts of HTTP beyond uvicorn and Starlette."""
