"""Runs nginx with a configuration of its own, in a directory of its own, on a free port of loopback; imported by
scripts."""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess

import project
import sandbox

# About 300 bytes, as the API's own response is: a group that was made just now, with the name and rank that were sent.
_CREATE = """content_by_lua_block {
            ngx.req.read_body()
            local sent, now = ngx.req.get_body_data() or "{}", ngx.now() * 1000
            local text = string.format('{"id":%d,"orgId":100737,"isActive":true,"createdBy":75006,"createdOn":%d,'
                .. '"createdOnDateTime":"2025-03-17T02:58:47Z","lastUpdatedBy":75006,"lastUpdatedOn":%d,'
                .. '"lastUpdatedOnDateTime":"2025-03-17T02:58:47Z",%s',
                ngx.var.connection * 100000000 + ngx.var.connection_requests,
                now, now, sent:sub(2))
            ngx.header["Content-Length"] = #text
            ngx.print(text)
        }"""
# The list is empty: no name is known.
_LIST = json.dumps(
    {
        "status": {"success": True, "code": 12013, "message": "Get all groups fetched successfully"},
        "groupRoList": [],
        "pagingDto": {
            "last": True,
            "totalElements": 0,
            "totalPages": 0,
            "numberOfElements": 0,
            "first": True,
            "size": 10,
            "number": 0,
        },
    }
)
_CREATE_LOCATION = f"""
        location = /api_gateway/core/v1/group/create {{
        {_CREATE}
        }}"""
FIXED = f"""{_CREATE_LOCATION}
        location = /api_gateway/core/v1/group {{ return 200 '{_LIST}'; }}
"""
# `return` is done before limit_req looks, so the list is a file.
LIMITED = f"""
        limit_req zone=calls burst=5 nodelay;
        limit_req_status 429;
        error_page 405 =200 $uri;{_CREATE_LOCATION}
        location = /api_gateway/core/v1/group {{ alias list.json; }}
"""
_MODULES = pathlib.Path("/usr/lib/nginx/modules")
_CONFIGURATION = """
load_module {modules}/ndk_http_module.so;
load_module {modules}/ngx_http_lua_module.so;
{user}
daemon off;
master_process on;
worker_processes 1;
{affinity}
pid nginx.pid;
error_log error.log crit;
worker_rlimit_nofile 20000;
events {{ worker_connections 16384; }}
http {{
    log_format status '$status';
    access_log {log};
    default_type application/json;
    keepalive_requests 1000000000;
    keepalive_timeout 3600;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    {zone}
    server {{
        listen 127.0.0.1:{port} backlog=4096{secure};
        {locations}
    }}
}}
"""


def find():
    """The path of nginx, which is not in every user's PATH, or None."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def install():
    """Installs nginx and its module for Lua where they are missing."""
    if not find() or not (_MODULES / "ngx_http_lua_module.so").exists():
        project.install("nginx-light", "libnginx-mod-http-lua")


class Nginx:
    """A running nginx; as a context manager it is ended by its process id, however the block ends."""

    def __init__(self, directory, locations, zone="", core=None, is_secure=False):
        """`core` pins the worker to a core, and switches the log off. `is_secure` has it speak TLS, with a certificate
        of its own (`certificate`)."""
        self.directory = pathlib.Path(directory).absolute()
        self.directory.mkdir(parents=True)
        (self.directory / "list.json").write_text(_LIST)
        self.port = sandbox.free_port()
        self.url = f"http{'s' if is_secure else ''}://127.0.0.1:{self.port}"
        self.certificate = self.directory / "certificate.pem"
        secure = ""
        if is_secure:
            self._certify()
            secure = f" ssl; ssl_certificate {self.certificate}; ssl_certificate_key {self.directory}/key.pem"
        mask = "" if core is None else f"worker_cpu_affinity {1 << core:b};"
        log = "off" if core is not None else "access.log status"
        # Started by root, nginx would work as somebody who may not read the directory.
        user = "user root;" if os.geteuid() == 0 else ""
        text = _CONFIGURATION.format(
            modules=_MODULES,
            user=user,
            affinity=mask,
            log=log,
            zone=zone,
            port=self.port,
            secure=secure,
            locations=self._placed(locations),
        )
        (self.directory / "nginx.conf").write_text(text)
        self.process = subprocess.Popen(
            [find(), "-p", self.directory, "-e", self.directory / "error.log", "-c", self.directory / "nginx.conf"]
        )
        sandbox.wait_for_port(self.port, self.process)

    def _certify(self):
        """Makes a certificate for 127.0.0.1 that a client can trust by itself."""
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        command += ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        command += ["-keyout", self.directory / "key.pem", "-out", self.certificate]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)

    def _placed(self, locations):
        return re.sub(r"alias ", f"alias {self.directory}/", locations)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def statuses(self):
        """How many responses had each status."""
        lines = (self.directory / "access.log").read_text().split()
        return collections.Counter(int(line) for line in lines)
