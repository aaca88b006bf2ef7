"""Alibaba Cloud and Tencent Cloud keep the promises of every carrier, and sign as their own SDKs do."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.notification.carriers.adapters.registry import MAKERS
from services.notification.carriers.domain.carrier import Carrier
from services.notification.carriers.settings import SmsSettings
from shared_components.testing.ports.carriers import CarrierSuite, Word, text
from tests.unit.notification.carriers.clouds import ALIYUN, TENCENT, Cloud, running

TOKEN = "token-of-the-callback"
KEYS: dict[str, dict[str, Any]] = {"aliyun": ALIYUN, "tencent": {**TENCENT, "app_id": "1400006666"}}


def carrier_of(name: str, endpoint: str, **changes: Any) -> Any:
    section = {**KEYS[name], "callback_token": TOKEN, "endpoint": endpoint, "timeout_s": 10, **changes}
    return MAKERS[name](SmsSettings().load({name: section})[name])


class CloudDesk:
    def __init__(self, cloud: Cloud, endpoint: str) -> None:
        self.cloud = cloud
        self.carrier: Carrier = carrier_of(cloud.name, endpoint)
        self._quick = self.carrier
        self._hurried = carrier_of(cloud.name, endpoint, timeout_s=0.5)
        self.reference_only = cloud.name == "tencent"

    def arrived(self) -> list[tuple[str, str]]:
        return [(one["number"], one["text"]) for one in self.cloud.taken.values()]

    def receipt(self, message_id: str, state: str) -> Word:
        reference = self.cloud.taken[message_id]["reference"]
        if self.cloud.name == "aliyun":
            code = {"delivered": "DELIVERED", "temporary-failure": "MK:0001", "permanent-failure": "MK:0005"}[state]
            one: dict[str, Any] = {
                "phone_number": "13900000001", "success": state == "delivered", "err_code": code, "out_id": message_id,
                "biz_id": reference, "sms_size": "1"}
        else:
            code = {"delivered": "DELIVRD", "temporary-failure": "EXPIRED", "permanent-failure": "MK:0005"}[state]
            one = {"mobile": "13900000001", "nationcode": "86", "sid": reference, "errmsg": code,
                   "report_status": "SUCCESS" if state == "delivered" else "FAIL"}
        return {}, json.dumps([one]), TOKEN

    def forge(self, word: Word) -> Word:
        return word[0], word[1], "another-token"

    def late(self) -> None:
        self.cloud.slow_s = 1.5
        self.carrier = self._hurried

    def punctual(self) -> None:
        self.cloud.slow_s = 0
        self.carrier = self._quick

    def away(self) -> Carrier:
        away: Carrier = carrier_of(self.cloud.name, "http://127.0.0.1:9")
        return away


class TestClouds(CarrierSuite):
    @pytest.fixture(params=["aliyun", "tencent"])
    def desk(self, request: pytest.FixtureRequest) -> Iterator[CloudDesk]:
        cloud = Cloud(request.param)
        with running(cloud) as endpoint:
            yield CloudDesk(cloud, endpoint)

    def test_a_wrong_key_is_our_fault(self, desk: CloudDesk) -> None:
        endpoint = f"http://{desk._quick._host}"
        wrong = {"aliyun": "access_key_secret", "tencent": "secret_key"}[desk.cloud.name]
        (outcome,) = carrier_of(desk.cloud.name, endpoint, **{wrong: "another-secret"}).send([text()])
        assert outcome.verdict == "ours" and desk.cloud.taken == {}


def test_the_provider_s_own_sdk_and_ours_pass_the_same_server_aliyun() -> None:
    models = pytest.importorskip("alibabacloud_dysmsapi20170525.models")
    from alibabacloud_dysmsapi20170525.client import Client
    from alibabacloud_tea_openapi.models import Config

    cloud = Cloud("aliyun")
    with running(cloud) as endpoint:
        sdk = Client(Config(
            access_key_id=ALIYUN["access_key_id"], access_key_secret=ALIYUN["access_key_secret"], protocol="http",
            endpoint=endpoint.removeprefix("http://")))
        values = json.dumps({"name": "张三 a+b*~", "code": "1"})
        answer = sdk.send_sms(models.SendSmsRequest(
            phone_numbers="13800000001", sign_name="浙里办", template_code="SMS_1", template_param=values,
            out_id="sdk"))
        assert answer.body.code == "OK"
        ours = carrier_of("aliyun", endpoint)
        (outcome,) = ours.send([text("+8613800000001", values={"name": "张三 a+b*~", "code": "1"})])
        assert outcome.verdict == "taken"
    assert len({one["text"] for one in cloud.taken.values()}) == 1


def test_the_provider_s_own_sdk_and_ours_pass_the_same_server_tencent() -> None:
    pytest.importorskip("tencentcloud.sms")
    from tencentcloud.common import credential
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.sms.v20210111 import models, sms_client

    cloud = Cloud("tencent")
    with running(cloud) as endpoint:
        profile = ClientProfile(httpProfile=HttpProfile(endpoint=endpoint.removeprefix("http://"), protocol="http"))
        sdk = sms_client.SmsClient(
            credential.Credential(TENCENT["secret_id"], TENCENT["secret_key"]), "ap-guangzhou", profile)
        asked = models.SendSmsRequest()
        asked.from_json_string(json.dumps({
            "PhoneNumberSet": ["+8613800000001"], "SmsSdkAppId": "1400006666", "SignName": "浙里办", "TemplateId": "1",
            "TemplateParamSet": ["张三", "1"], "SessionContext": "sdk"}))
        assert sdk.SendSms(asked).SendStatusSet[0].Code == "Ok"
        (outcome,) = carrier_of("tencent", endpoint).send([
            text("+8613800000001", values={"name": "张三", "code": "1"})])
        assert outcome.verdict == "taken"
    assert len({one["text"] for one in cloud.taken.values()}) == 1
