"""Start the sandbox provider: prints one line of JSON with its issuer once it listens, and stops on SIGTERM."""
from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from services.identity.sandbox.openid.application import SandboxOpenId
from shared_components.devstack.helper_server import listen, serve

SECRET_VARIABLE = "ZHONGTAI_SANDBOX_SECRET"  # noqa: S105 - a variable's name
CLIENT_ID = "zhongtai"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sandbox_openid", description="An identity provider to practise with.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one (default)")
    parser.add_argument("--client-id", default=CLIENT_ID)
    parser.add_argument("--end-with-parent", action="store_true", help="when the process that started it ends")
    options = parser.parse_args(arguments)
    secret = os.environ.get(SECRET_VARIABLE, "")
    if not secret:
        parser.error(f"the client's secret is missing; {SECRET_VARIABLE} in the environment is needed")
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"sandbox: {options.host}:{options.port} cannot be listened on: {error.strerror}\n")
        return 1
    issuer = f"http://{options.host}:{listener.getsockname()[1]}"
    provider = SandboxOpenId(issuer=issuer, client_id=options.client_id, client_secret=secret)
    sys.stdout.write(json.dumps({"issuer": issuer, "client_id": options.client_id}) + "\n")
    sys.stdout.flush()
    serve(provider.application(), listener, end_with_parent=options.end_with_parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
