"""Judges what was asked of AWS and Google and what the fakes answered, by the vendors' own API descriptions.

Reads a list of {"request", "answer"} from standard input; prints a line for each and fails at the first that is wrong.
"""

import datetime
import json
import pathlib
import re
import sys
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.validate
import googleapiclient

KEYS = ("ASIAEXAMPLE", "secret/access+key", "session//token==")


def check(condition, words):
    if not condition:
        sys.exit(words)


def aws_model(service):
    return botocore.model.ServiceModel(
        botocore.loaders.Loader().load_service_model(service, "service-2"), service
    )


def assert_shape(params, shape):
    report = botocore.validate.ParamValidator().validate(params, shape)
    check(not report.has_errors(), report.generate_report())


def parsed(answer, model, operation):
    parser = botocore.parsers.create_parser(model.protocol)
    response = {"status_code": answer["status"], "headers": {}, "body": answer["body"].encode()}
    return parser.parse(response, operation.output_shape)


def signature_of(request, region):
    sent = {name: value for name, value in request["headers"].items() if name != "authorization"}
    again = botocore.awsrequest.AWSRequest(
        "POST", request["url"], data=request["body"].encode(), headers=sent
    )
    again.context["timestamp"] = sent["x-amz-date"]
    auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(*KEYS), "kms", region)
    return auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)


def judge_kms(request, answer):
    model = aws_model("kms")
    prefix, name = request["headers"]["x-amz-target"].split(".")
    check(prefix == model.metadata["targetPrefix"], "another target")
    version = f"application/x-amz-json-{model.metadata['jsonVersion']}"
    check(request["headers"]["content-type"] == version, "another protocol")
    operation = model.operation_model(name)
    params = json.loads(request["body"])
    if "Message" in params:
        params["Message"] = params["Message"].encode()
    assert_shape(params, operation.input_shape)
    check(signature_of(request, "eu-west-1") in request["headers"]["authorization"], "signature")
    given = parsed(answer, model, operation)
    check(set(json.loads(answer["body"])) <= set(given), "an answer with more than the API has")
    return name


def judge_sts(request, answer):
    model = aws_model("sts")
    params = dict(urllib.parse.parse_qsl(request["body"]))
    operation = model.operation_model(params.pop("Action"))
    check(params.pop("Version") == model.api_version, "another version")
    assert_shape(params, operation.input_shape)
    credentials = parsed(answer, model, operation)["Credentials"]
    named = (credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])
    check(named == KEYS, "other credentials")
    check(credentials["Expiration"] > datetime.datetime.now(datetime.timezone.utc), "expired")
    return operation.name


def methods_of(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods_of(inner)


def matches(method, verb, path):
    if method["httpMethod"] != verb:
        return False
    pattern = re.escape(method["path"]).replace(r"\{\+name\}", "(?P<name>.+)")
    pattern = pattern.replace(r"\{\+parent\}", "(?P<name>.+)")
    found = re.fullmatch(pattern, path)
    if found is None:
        return False
    wanted = method["parameters"].get("name", method["parameters"].get("parent"))
    return wanted is None or re.fullmatch(wanted["pattern"], found["name"]) is not None


def assert_fields(text, reference, document):
    fields = set(json.loads(text)) if text else set()
    known = set(document["schemas"][reference["$ref"]]["properties"]) if reference else set()
    check(fields <= known, f"{fields - known} is not of {reference}")


def judge_google(service, request, answer):
    folder = pathlib.Path(googleapiclient.__file__).parent / "discovery_cache/documents"
    document = json.loads((folder / f"{service}.v1.json").read_text())
    url = urllib.parse.urlsplit(request["url"])
    path = urllib.parse.unquote(url.path[1:])
    found = [one for one in methods_of(document) if matches(one, request["method"], path)]
    check(len(found) == 1, f"no method for {request['method']} {path}")
    known = set(found[0]["parameters"]) | set(document["parameters"])
    check(set(urllib.parse.parse_qs(url.query)) <= known, "an unknown parameter")
    assert_fields(request["body"], found[0].get("request"), document)
    assert_fields(answer["body"], found[0]["response"], document)
    return found[0]["id"]


for pair in json.load(sys.stdin):
    host = urllib.parse.urlsplit(pair["request"]["url"]).hostname
    kind, _, vendor = host.partition(".")
    if host.endswith(".googleapis.com"):
        print(judge_google(kind, **pair))
    else:
        print(judge_sts(**pair) if kind == "sts" else judge_kms(**pair))
