"""What only a worker needs is not loaded into every web process."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Imported inside the function that uses it, with a comment that says why, and nowhere else by a web process.
HEAVY = {
    "arabic_reshaper",
    "bidi",
    "billiard.pool",
    "celery.bin",
    "celery.concurrency.prefork",
    "celery.worker.consumer",
    "fontTools",
    "jsonschema",
    "kit.pdf",
    "lxml",
    "openpyxl",
    "pikepdf",
    "PIL",
    "pypdfium2",
    "qrcode",
    "reportlab",
    "rich",
}
# One request as gunicorn makes it, so that URLs, middleware and the page's view are loaded as well.
ONE_REQUEST = """
import io, json, sys
from config.wsgi import application
asked = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/accounts/login/", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
    "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
}
status = []
b"".join(application(asked, lambda line, _headers, _error=None: status.append(line)))
print(json.dumps([status[0], sorted(sys.modules)]))
"""


@pytest.mark.processes
def test_a_web_process_that_answered_a_page_holds_nothing_only_workers_need():
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ONE_REQUEST],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    status, loaded = json.loads(ran.stdout.splitlines()[-1])
    assert status == "200 OK"
    assert {"config.urls", "fleet.tasks", "hosting.tasks", "compliance.tasks"} <= set(loaded)
    assert not HEAVY.intersection(loaded)


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_a_heavy_module_still_has_that_name(name):
    assert find_spec(name) is not None
