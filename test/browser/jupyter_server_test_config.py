"""The server of the browser tests: Galata's settings (no token, a root folder of its own), on localhost only."""

import os

from jupyterlab.galata import configure_jupyter_server

configure_jupyter_server(c)  # noqa: F821

c.ServerApp.ip = "127.0.0.1"  # noqa: F821
c.ServerApp.port = int(os.environ.get("HYSIM_TEST_PORT", "8917"))  # noqa: F821
c.ServerApp.allow_root = True  # noqa: F821
