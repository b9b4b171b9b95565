"""Follows docs/how-to/install-on-debian.md by copy and paste: `python -m tests.operations.installing FOLDER`.

FOLDER gets a bare Debian 12 (debootstrap), and this checkout is what is cloned. systemd does not run in a
folder: a stand-in for `systemctl` runs what the units say, as their user and with their settings, and says when
it is asked for what it does not know. It needs root, a Debian mirror, a Python index, and some minutes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tidy.files import ROOT

HOW_TO = ROOT / "docs" / "how-to" / "install-on-debian.md"
_BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)

SYSTEMCTL = r"""#!/bin/bash
# Stands in for systemctl where systemd does not run: starts what is enabled with --now, and knows a few words more.
set -eu
value() { sed -n "s/^$1=//p" "/etc/systemd/system/$2"; }
as_told() { # as_told UNIT COMMAND: as the unit's user, in its folder, with its settings
    (set -a; . "$(value EnvironmentFile "$1")"; cd "$(value WorkingDirectory "$1")"
     exec setpriv --reuid "$(value User "$1")" --regid "$(value Group "$1")" --clear-groups --no-new-privs $2)
}
case "$1" in
daemon-reload) ;;
reload-or-restart) [[ $2 == nginx ]]; nginx ;;
enable)
    [[ $2 == --now ]]
    for unit in "${@:3}"; do
        [[ -f /etc/systemd/system/$unit ]]
        [[ $unit == *.timer ]] && continue
        before=$(value ExecStartPre "$unit")
        [[ -z $before ]] || as_told "$unit" "$before"
        as_told "$unit" "$(value ExecStart "$unit")" >"/var/log/$unit.log" 2>&1 &
    done
    # systemd would not wait either; whoever pastes the next block is slower than we are.
    for _ in $(seq 120); do curl -fs -o /dev/null http://127.0.0.1:8000/health/live && exit; sleep 0.5; done
    tail /var/log/*.service.log; exit 1 ;;
*) echo "systemctl $*: not known here" >&2; exit 1 ;;
esac
"""


CHECKS = r"""
# What TLS the portal takes: neither an old version, nor a cipher whose past can be read with the key of today.
refused() { { openssl s_client -connect 127.0.0.1:443 "$@" </dev/null 2>&1 || true; } | grep "alert $why"; }
why="protocol version" refused -tls1_1 -cipher ALL:@SECLEVEL=0
why="handshake failure" refused -tls1_2 -cipher AES128-GCM-SHA256
for version in -tls1_2 -tls1_3; do openssl s_client -connect 127.0.0.1:443 $version </dev/null >/dev/null; done
[[ $(curl -s -o /dev/null -w '%{http_code}' -H "Host: $PORTAL" http://127.0.0.1/api/v1/awards) == 403 ]]
echo followed to the end
"""


def blocks(page: Path = HOW_TO) -> list[str]:
    """Return what is to be pasted, block by block."""
    return _BLOCK.findall(page.read_text())


def script(source: str, portal: str = "compute.example.org") -> str:
    """Return the blocks as one script that stops at the first that fails, for another source and name."""
    first, *others = blocks()
    said = re.sub(r"(?m)^export SOURCE=.*$", f"export SOURCE={source}", first)
    said = re.sub(r"(?m)^export PORTAL=.*$", f"export PORTAL={portal}", said)
    return "\n".join(["set -euxo pipefail", said, *others, CHECKS])


def bare(folder: Path) -> None:
    """Make a bare Debian in the folder, with this checkout where it can be cloned from."""
    if not (folder / "etc").exists():
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(folder)], check=True)
    shutil.copy("/etc/resolv.conf", folder / "etc" / "resolv.conf")
    # Whoever this machine trusts, since its index may be a mirror of somebody else's.
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", folder / "authorities.crt")
    clone = folder / "source.git"
    shutil.rmtree(clone, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(clone)], check=True)
    (folder / "usr" / "local" / "bin" / "systemctl").write_text(SYSTEMCTL)
    (folder / "usr" / "local" / "bin" / "systemctl").chmod(0o755)
    (folder / "follow").write_text(script("/source.git"))


FOLLOW = """
mount --types proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount --types tmpfs tmpfs "$1/tmp"
chroot "$1" /usr/bin/env --ignore-environment HOME=/root PATH="$PATH" PIP_CERT=/authorities.crt bash /follow
"""


def follow(folder: Path) -> int:
    """Paste it all in namespaces of its own: every process and mount is gone afterwards."""
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-euc", FOLLOW, "follow", str(folder)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    bare(Path(sys.argv[1]).absolute())
    raise SystemExit(follow(Path(sys.argv[1]).absolute()))
