"""A TUF repository made by python-tuf, the reference implementation: `repository.py FOLDER` with steps on stdin.

Steps are a JSON array of arrays: ["init"], ["publish", {name: text}], ["rotate", role], ["expire", role],
["forge", role]. Keys stay in FOLDER/keys, what a mirror serves is in FOLDER/served.
"""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from securesystemslib.signer import CryptoSigner
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tuf.api.metadata import (
    Key,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

FOLDER = sys.argv[1]
SERVED = os.path.join(FOLDER, "served")
KEYS = os.path.join(FOLDER, "keys")
ROLES = ["root", "targets", "snapshot", "timestamp"]
LATER = timedelta(days=30)


def now():
    return datetime.now(timezone.utc).replace(microsecond=0)


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def new_key(role):
    signer = CryptoSigner.generate_ecdsa() if role != "snapshot" else CryptoSigner.generate_ed25519()
    pem = signer._private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write(os.path.join(KEYS, role), pem)
    return signer


def signer_of(role):
    with open(os.path.join(KEYS, role), "rb") as file:
        return CryptoSigner(load_pem_private_key(file.read(), None))


class Repository:
    def __init__(self):
        path = os.path.join(FOLDER, "state")
        self.path = path
        self.roles = {}
        if os.path.exists(os.path.join(path, "root.json")):
            for role in ROLES:
                self.roles[role] = Metadata.from_file(os.path.join(path, f"{role}.json"))

    def init(self):
        root = Root(consistent_snapshot=True, expires=now() + LATER)
        for role in ROLES:
            root.add_key(new_key(role).public_key, role)
        self.roles = {
            "root": Metadata(root),
            "targets": Metadata(Targets(expires=now() + LATER)),
            "snapshot": Metadata(Snapshot(expires=now() + LATER)),
            "timestamp": Metadata(Timestamp(expires=now() + LATER)),
        }
        self.save("root")
        self.chain(False)

    def chain(self, bump=True):
        """Everything below the root, signed anew."""
        targets, snapshot, timestamp = (self.roles[role].signed for role in ROLES[1:])
        if bump:
            targets.version += 1
            snapshot.version += 1
            timestamp.version += 1
        snapshot.meta["targets.json"] = MetaFile(targets.version)
        self.save("targets")
        self.save("snapshot")
        timestamp.snapshot_meta = MetaFile.from_data(
            snapshot.version, self.roles["snapshot"].to_bytes(JSONSerializer()), ["sha256"]
        )
        self.save("timestamp")

    def save(self, role, signers=None):
        metadata = self.roles[role]
        metadata.signatures.clear()
        for signer in signers or [signer_of(role)]:
            metadata.sign(signer, append=True)
        data = metadata.to_bytes(JSONSerializer())
        version = metadata.signed.version
        name = "timestamp.json" if role == "timestamp" else f"{version}.{role}.json"
        write(os.path.join(SERVED, name), data)
        write(os.path.join(self.path, f"{role}.json"), data)

    def publish(self, files):
        targets = self.roles["targets"].signed
        for name, text in files.items():
            data = text.encode()
            info = TargetFile.from_data(name, data, ["sha256"])
            targets.targets[name] = info
            write(os.path.join(SERVED, "targets", f"{info.hashes['sha256']}.{name}"), data)
        self.chain()

    def rotate(self, role):
        root = self.roles["root"].signed
        old = signer_of("root")
        for keyid in list(root.roles[role].keyids):
            root.revoke_key(keyid, role)
        root.add_key(new_key(role).public_key, role)
        root.version += 1
        root.expires = now() + LATER
        self.save("root", [old, signer_of("root")] if role == "root" else None)
        self.chain()

    def expire(self, role):
        metadata = self.roles[role].signed
        metadata.expires = now() - timedelta(days=1)
        if role == "root":
            metadata.version += 1
            self.save("root")
        self.chain()
        metadata.expires = now() + LATER

    def forge(self, role):
        """Signed by a key that the root does not name."""
        self.roles[role].signed.version += 1
        other = CryptoSigner.generate_ecdsa()
        metadata = self.roles[role]
        metadata.signatures.clear()
        metadata.signatures = {}
        own = signer_of(role)
        signature = other.sign(b"something else")
        signature.keyid = own.public_key.keyid
        metadata.signatures[own.public_key.keyid] = signature
        version = metadata.signed.version
        name = "timestamp.json" if role == "timestamp" else f"{version}.{role}.json"
        write(os.path.join(SERVED, name), metadata.to_bytes(JSONSerializer()))


repository = Repository()
for step, *arguments in json.load(sys.stdin):
    getattr(repository, step)(*arguments)
