"""Set the department up on a development platform: apps, licence type, fee item, templates, definition, permits.

Run it beside `make run`, with ZHONGTAI_CONFIG naming the settings of that run. It writes settings.json for
`python -m permit_app`, and issues the permits that the invented persons hold. All of it is what operators and the
department do by hand elsewhere; the app itself uses the public HTTP API alone.
"""
from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DEFINITION = HERE.parent / "residence-permit.yaml"
DEPARTMENT = "TRAFFIC"
LICENCE_TYPE = "11330000000000107P120"
ISSUER = {"issuer_code": "1133010600000030X3", "issuer_name": "示范市公安局"}
TEMPLATES = {
    "residence-permit-issued": "((name))：新居住证已制发，办件编号 ((case_id))。",
    "residence-permit-refused": "((name))：您的申请未获批准。原因：((reason))",
}
HOLDERS = {"33010619850615002X": "林静", "330106199003070014": "张建国"}


def zhongtai(*words: str, given: Any = None) -> Any:
    """Run the platform's command; gives what it prints as JSON. Raises SystemExit with its own words."""
    command = [str(Path(sys.executable).with_name("zhongtai")), *words]
    done = subprocess.run(
        command, input=None if given is None else json.dumps(given), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.strip() or f"{' '.join(words)} failed")
    return json.loads(done.stdout)


def call(method: str, tenant: str, **request: Any) -> Any:
    return zhongtai("call", method, "--tenant", tenant, "--json", "-", given=request)


def register(
    department: dict[str, Any], app: str, title: str, kind: str, scopes: list[str], **addresses: list[str],
) -> dict[str, str]:
    """An app with a sandbox key. A second run changes the app, and its new key takes the place of the old ones."""
    tenant, settings = department["tenant"], {"app": app, "title": title, "scopes": scopes, **addresses}
    known = next((one for one in call("identity.list_apps", tenant)["items"] if one["app"] == app), None)
    if known is None:
        key = call("identity.register_app", tenant, kind=kind, department_id=department["department_id"], **settings)
    else:
        call("identity.change_app", tenant, **settings)
        for old in known["keys"]:
            if old["state"] == "active":
                call("identity.revoke_app_key", tenant, app=app, key_id=old["key_id"])
        key = call("identity.issue_app_key", tenant, app=app, environment="sandbox")
    return {"client_id": f"{app}-sandbox", "key": key["key"]}


def prepare(platform: str, address: str) -> dict[str, Any]:
    zhongtai("sandbox", "people", "--sign-in", "--json")
    department = zhongtai("directory", "show", DEPARTMENT, "--json")
    tenant = department["sandbox_tenant"]
    home = [f"{address}/"]
    settings = {
        "platform": platform, "address": address, "matter_code": "residence-permit", "licence_type": LICENCE_TYPE,
        "citizen": register(
            department, "app-permit", "居住证换领", "department",
            ["matter.*", "elicence.list_by_holder", "elicence.present"],
            redirect_uris=[f"{address}/citizen/callback"], post_logout_redirect_uris=home),
        "desk": register(
            department, "app-permit-desk", "居住证审核", "officer", ["matter.*"],
            redirect_uris=[f"{address}/desk/callback"], post_logout_redirect_uris=home),
        "shop": register(
            department, "app-permit-shop", "商户核验", "department", ["elicence.verify"],
            redirect_uris=[], post_logout_redirect_uris=[]),
    }
    call("elicence.put_type", tenant, type_code=LICENCE_TYPE, name="居住证", **ISSUER, fields=[
        {"name": "address", "title": "现居住地址", "data_class": "personal"},
        {"name": "reason", "title": "居住事由", "data_class": "public"}])
    call("payment.put_fee_item", tenant, item_code="residence-permit-card", name="居住证工本费", unit="本",
         price_minor=2000, collecting_unit=ISSUER["issuer_code"], currency="CNY", division="330106")
    for code, body in TEMPLATES.items():
        call("notification.put_template", tenant, template_code=code, channel="inbox", subject="((matter))", body=body)
    zhongtai("matter", "publish", str(DEFINITION), "--tenant", tenant, "--json")
    for number, name in HOLDERS.items():
        issue_permit(tenant, number, name)
    return settings


def issue_permit(tenant: str, number: str, name: str) -> None:
    """The permit that she holds and that ends soon; none where she has one."""
    subject = call("identity.find_subject", tenant, id_type="111", id_number=number)["subject_id"]
    held = call("elicence.list_by_holder", tenant, holder_subject=subject)["items"]
    if not any(one["type_code"] == LICENCE_TYPE for one in held):
        today = datetime.now(UTC).date()
        call("elicence.issue", tenant, type_code=LICENCE_TYPE, holder_subject=subject, holder_name=name,
             holder_id_type="111", holder_id_number=number, **ISSUER,
             content={"address": "文一路1号", "reason": "work"},
             valid_from=(today - timedelta(days=340)).isoformat(),
             valid_until=(today + timedelta(days=20)).isoformat())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--platform", default="http://127.0.0.1:8000", help="address of the gateway")
    asked.add_argument("--address", default="http://127.0.0.1:9000", help="where browsers find the app")
    asked.add_argument("--settings", type=Path, default=Path("settings.json"), help="the file to write")
    given = asked.parse_args()
    settings = prepare(given.platform, given.address)
    given.settings.touch(mode=0o600)
    given.settings.write_text(json.dumps(settings, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{given.settings} is written; next: python -m permit_app {given.settings}\n")


if __name__ == "__main__":
    main()
