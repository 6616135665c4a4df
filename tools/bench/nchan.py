"""nginx with nchan: one worker, one channel, no buffer on disk."""
import contextlib
import http.client
import pathlib
import shutil
import socket
import threading
import time

from running import start, wait_for

CONFIG = """
load_module {module};
worker_processes 1;
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 20000; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /publish {{
      nchan_publisher;
      nchan_channel_id bench;
      nchan_message_buffer_length 500;
    }}
    location = /events {{
      nchan_subscriber eventsource;
      nchan_channel_id bench;
      nchan_subscriber_first_message newest;
    }}
  }}
}}
"""


def module():
    """The path of nchan's module, or None."""
    path = pathlib.Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
    return path if path.exists() and shutil.which("nginx") else None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def running(bench):
    folder, port = bench.folder("nginx"), free_port()
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(module=module(), folder=folder, port=port))
    with open(folder / "out", "wb") as out:
        nginx = start(["nginx", "-p", folder, "-c", config], stdout=out,
                      stderr=out)
    try:
        wait_for(lambda: nginx.poll() is not None or answers(port), 10)
        if nginx.poll() is not None:
            raise RuntimeError((folder / "out").read_text())
        yield port
    finally:
        nginx.terminate()
        nginx.wait(10)


def answers(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


def publish(port, count, size):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(count):
        text = f'{{"t":{time.monotonic_ns()},"fill":"'
        c.request("POST", "/publish", text.ljust(size - 30, "x") + '"}')
        answer = c.getresponse()
        answer.read()
        if answer.status not in (201, 202):
            raise RuntimeError(f"nchan: {answer.status}")
    c.close()


def measured(bench, listeners, subscribers, events, pause_us, size):
    with running(bench) as port:
        got = listeners(bench, port, "/events", subscribers, events, 60)
        if pause_us:
            for _ in range(events):
                publish(port, 1, size)
                time.sleep(pause_us / 1e6)
        else:
            each = [threading.Thread(target=publish,
                                     args=(port, events // 5, size))
                    for _ in range(5)]
            for t in each:
                t.start()
            for t in each:
                t.join()
        return got.result()
