"""Running somebody's command against the emulator: its environment, and its exit code."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType

from asm_emulator.pki import Paths

NOT_EXECUTABLE = 126
NOT_FOUND = 127

_REPLACED = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
"""Variables that stand in for what a client trusts by itself."""

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_FORWARDED = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
_FROM_TERMINAL = tuple(getattr(signal, name) for name in ("SIGINT", "SIGQUIT") if hasattr(signal, name))


def environment(
    paths: Paths, subscription_id: str, proxy_url: str | None = None, *, ca_bundle: Path | None = None
) -> dict[str, str]:
    """The variables that lead clients to the emulator, to be laid over what the process has.

    With `proxy_url` all traffic goes through that proxy, no host excepted. `ca_bundle` stands in for the emulator's CA
    where a variable replaces the client's own trust rather than adding to it (see `trust_bundle`).
    """
    trusted = str((ca_bundle or paths.ca).resolve())
    variables = {
        "AZURE_MANAGEMENT_CERTFILE": str(paths.management.resolve()),
        "AZURE_MANAGEMENT_SUBSCRIPTIONID": subscription_id,
        "REQUESTS_CA_BUNDLE": trusted,
        "SSL_CERT_FILE": trusted,
        "CURL_CA_BUNDLE": trusted,
        "NODE_EXTRA_CA_CERTS": str(paths.ca.resolve()),
        "ASM_EMULATOR_PUBLISHSETTINGS": str(paths.publish_settings.resolve()),
    }
    if proxy_url is not None:
        # Python's urllib goes past ALL_PROXY: every kind of address that a client may know needs a variable of its own.
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "FTP_PROXY", "WS_PROXY", "WSS_PROXY", "ALL_PROXY"):
            variables[name] = variables[name.lower()] = proxy_url
        variables["NO_PROXY"] = variables["no_proxy"] = ""
        variables["NODE_USE_ENV_PROXY"] = "1"  # without it Node's own fetch would go past the proxy
    return variables


def trust_bundle(paths: Paths, directory: Path, environ: Mapping[str, str] | None = None) -> Path:
    """The emulator's CA together with the public ones, for commands that also reach hosts outside.

    What the variables of `environ` trust so far (a company's own CA) stays trusted. Written to `directory` as
    `trusted.pem`, at once as a whole. Raises `OSError`.
    """
    import certifi  # comes with requests; only needed here

    bundle = directory / "trusted.pem"
    pieces = [paths.ca.read_text(), certifi.contents()]
    before = {(environ or {}).get(name) or "" for name in _REPLACED} - {"", str(bundle), str(bundle.resolve())}
    for name in sorted(before):
        try:
            text = Path(name).read_text()
        except (OSError, ValueError):
            continue  # it was of no use before either
        if paths.ca.read_text().strip() != text.strip():
            pieces.append(text)
    fresh = directory / f".trusted.{os.getpid()}"
    fresh.write_text("\n".join(pieces))
    fresh.replace(bundle)
    return bundle


def run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a command and wait for it: its exit code, 128 plus the signal that ended it, 127 if there is no such command.

    `env` is its whole environment, where its program is looked for too. Signals to this process are passed on to it
    and have no other effect meanwhile (only from the main thread, as Python allows).
    """
    with _Forwarding() as forwarding:
        try:
            process = subprocess.Popen(list(command), env=dict(env))
        except FileNotFoundError:
            return _failed(command, "command not found", NOT_FOUND)
        except OSError as error:
            return _failed(command, error.strerror or str(error), NOT_EXECUTABLE)
        forwarding.attach(process)
        code = process.wait()
    return code if code >= 0 else 128 - code


def _failed(command: Sequence[str], reason: str, code: int) -> int:
    sys.stderr.write(f"asm-emulator: {command[0]}: {reason}\n")
    return code


class _Forwarding:
    """While it lasts, signals go to the command; those that come before there is one wait for it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []
        self._context = _handling(self._receive)

    def __enter__(self) -> "_Forwarding":
        self._context.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._context.__exit__(None, None, None)

    def attach(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        early, self._early = self._early, []
        for number in early:
            process.send_signal(number)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if number in _FROM_TERMINAL and _in_foreground():
            return  # typed at a terminal, which has sent it to the command already
        if self._process is None:
            self._early.append(number)
        else:
            self._process.send_signal(number)


@contextmanager
def _handling(receive: "signal._HANDLER") -> Iterator[None]:
    if current_thread() is not main_thread():
        yield
        return
    # What is ignored (nohup, a background job) stays so: the command inherits it only if it is not handled here.
    handled = [number for number in _FORWARDED if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, receive) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except (OSError, AttributeError):
        return False
