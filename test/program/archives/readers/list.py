"""Lists an archive as Python reads it: name, mode, time, size and SHA-256 of each file, as JSON."""

import hashlib
import json
import sys
import tarfile
import time
import zipfile


def describe(name, mode, seconds, content):
    return {
        "name": name,
        "mode": f"{mode & 0o7777:04o}",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds)),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def zip_members(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            assert info.extra == b"", info.filename
            seconds = time.mktime(info.date_time + (0, 0, 0)) - time.timezone
            yield describe(info.filename, info.external_attr >> 16, seconds, archive.read(info))


def tar_members(path):
    with tarfile.open(path) as archive:
        for info in archive:
            assert (info.uid, info.gid, info.uname, info.gname) == (0, 0, "", ""), info.name
            yield describe(info.name, info.mode, info.mtime, archive.extractfile(info).read())


members = zip_members if sys.argv[1].endswith(".zip") else tar_members
print(json.dumps(list(members(sys.argv[1]))))
