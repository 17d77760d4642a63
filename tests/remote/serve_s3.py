"""
Serve S3 until standard input ends; say on the first line where, and who may come in.

Runs in an environment of its own (requirements-stores.txt): moto needs an older python-dateutil
than Airflow is locked to.
"""

import json
import os
import sys

SETTING_UP = 4  # requests before every other one must be signed by the user made here
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = str(SETTING_UP)

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"


def client(service: str) -> object:
    """Give a client that nobody knows yet."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="setting",
        aws_secret_access_key="up",
    )


iam = client("iam")
iam.create_user(UserName="copydesk")
key = iam.create_access_key(UserName="copydesk")["AccessKey"]
policy = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING]})
iam.put_user_policy(UserName="copydesk", PolicyName="everything", PolicyDocument=policy)
client("s3").create_bucket(Bucket="desk")
told = {"url": url, "key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
print(json.dumps(told), flush=True)
sys.stdin.read()
