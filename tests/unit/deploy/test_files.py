"""Checks of deploy/ without a container engine: everything that is named is there, and nothing is open."""
from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from services.identity.commands.sync import MANAGEMENT_URL
from shared_components.bus.deployment.definitions import password_variable
from shared_components.bus.deployment.management_api import ManagementApi
from shared_components.configuration.loading import load_configuration
from shared_components.kernel.errors import CATEGORIES
from shared_components.security.keys import parse_key_ring

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
NGINX = DEPLOY / "nginx"
COMPOSE_TEXT = (DEPLOY / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
TLS_TEXT = (DEPLOY / "compose.tls.yaml").read_text()
TLS: dict[str, Any] = yaml.safe_load(TLS_TEXT)
SERVERS, JOBS, BESIDE = {"rabbitmq", "postgres", "nginx"}, {"definitions", "migrate"}, {"edge", "directory-sync"}
EXAMPLE = dict(re.findall(r"(?m)^(\w+)=(.*)$", (DEPLOY / "env.example").read_text()))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
SECRET = re.compile(r"PASSWORD|KEY")


def business() -> dict[str, dict[str, Any]]:
    return {name: one for name, one in COMPOSE["services"].items() if name not in SERVERS | JOBS | BESIDE}


def references() -> list[tuple[str, str]]:
    """Each `${NAME…}` of the compose files, with what follows the name."""
    return re.findall(r"\$\{(\w+)([^}]*)\}", COMPOSE_TEXT + TLS_TEXT)


def as_compose_reads_it(text: str) -> PyCompose:
    """Variables filled in and YAML's anchors resolved, then checked against the Compose Specification."""
    content = PyCompose.from_json(json.dumps(yaml.safe_load(fill(text))))
    content.validate()
    return content


def test_the_compose_file_follows_the_specification() -> None:
    assert set(as_compose_reads_it(COMPOSE_TEXT).service_names()) == set(COMPOSE["services"])
    assert as_compose_reads_it(TLS_TEXT).service_names() == ["edge"]


@pytest.mark.parametrize(("right", "wrong"), [
    ("interval: 10s", "interval: ten"), ("condition: service_healthy", "condition: well"),
    ("restart: unless-stopped", "restart: now_and_then"), ("stop_grace_period:", "stop_grace:"),
])  # fmt: skip
def test_a_mistake_in_the_compose_file_is_caught(right: str, wrong: str) -> None:
    assert right in COMPOSE_TEXT
    with pytest.raises(ValueError, match=wrong.rpartition(": ")[2].rstrip(":")):
        as_compose_reads_it(COMPOSE_TEXT.replace(right, wrong))


def test_every_service_has_its_container_and_no_container_is_without_a_service() -> None:
    services = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}
    assert set(business()) == services


@pytest.mark.parametrize("name", sorted(business()))
def test_a_container_serves_the_service_it_is_named_for_under_its_own_broker_user(name: str) -> None:
    container = business()[name]
    assert container["build"]["args"]["SERVICE"] == name
    url = container["environment"]["ZHONGTAI_BROKER_URL"]
    assert url.startswith(f"amqp://{name}:${{{name.upper()}_BROKER_PASSWORD:?")


def test_every_variable_is_explained_in_the_example_and_every_example_is_used() -> None:
    assert {name for name, _ in references()} | {"ZHONGTAI_MASTER_KEY"} == set(EXAMPLE)
    assert COMPOSE["secrets"]["master_key"] == {"environment": "ZHONGTAI_MASTER_KEY"}


def test_no_secret_has_a_default() -> None:
    allowed = (":?see env.example", ":-")
    assert not [name for name, rest in references() if SECRET.search(name) and rest not in allowed]
    assert not [name for name, value in EXAMPLE.items() if SECRET.search(name) and value]


def test_what_the_compose_file_names_is_there() -> None:
    for name, service in COMPOSE["services"].items():
        for config in service.get("configs", []):
            assert config["source"] in COMPOSE["configs"], name
        for secret in service.get("secrets", []):
            assert secret in COMPOSE["secrets"], name
        for dependency in service.get("depends_on", {}):
            assert dependency in COMPOSE["services"], name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], name
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file(), name
    for config in COMPOSE["configs"].values():
        assert (DEPLOY / config["file"]).is_file()


def test_those_who_write_and_read_files_share_the_folder_of_materials() -> None:
    folder = yaml.safe_load((DEPLOY / "zhongtai.yaml").read_text())["materials"]["folder"]
    mounting = {name for name, one in business().items() if f"materials:{folder}" in one.get("volumes", [])}
    assert mounting == {"gateway", "matter", "notification"}
    assert re.search(rf"install --directory --owner zhongtai .*{folder}\b", DOCKERFILE), "a volume takes its owner"


def test_a_container_waits_for_servers_that_can_tell_their_health() -> None:
    for name, service in COMPOSE["services"].items():
        for dependency, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                server = COMPOSE["services"][dependency]
                in_image = server.get("build", {}).get("dockerfile") == "deploy/Dockerfile"
                assert "healthcheck" in server or in_image, f"{name} waits for {dependency}"
            else:
                assert dependency in JOBS, f"{name} waits for the end of {dependency}"


def test_only_nginx_and_the_edge_are_published_and_to_this_host_unless_told() -> None:
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if service.get("ports")}
    assert set(published) == {"nginx", "edge"}
    assert all(re.fullmatch(r"\$\{\w+:-127\.0\.0\.1:\d+\}:\d+", port) for ports in published.values() for port in ports)


def test_the_edge_knows_no_secret_and_refuses_what_the_broker_would() -> None:
    edge = COMPOSE["services"]["edge"]
    assert edge["secrets"] == []
    assert edge["environment"] == {
        "ZHONGTAI_CONFIG": "/etc/zhongtai.yaml", "ZHONGTAI_BROKER_URL": "amqp://rabbitmq/",
        "ZHONGTAI_LOG_LEVEL": "${ZHONGTAI_LOG_LEVEL:-info}"}
    environment = {key: fill(str(value)) for key, value in edge["environment"].items()}
    configuration = load_configuration(DEPLOY / "edge.yaml", environ=environment)
    assert configuration["edge"]["tls_certificate_file"] is None
    broker = re.search(r"(?m)^max_message_size = (\d+)$", (DEPLOY / "rabbitmq" / "rabbitmq.conf").read_text())
    assert broker is not None
    assert configuration["edge"]["max_message_bytes"] == int(broker[1])
    assert configuration["edge"]["host"] == "0.0.0.0"  # noqa: S104 - inside its container
    assert edge["ports"][0].endswith(f":{configuration['edge']['port']}")


def test_who_synchronises_the_brokers_users_alone_has_the_administrators_password() -> None:
    users = json.loads((DEPLOY / "rabbitmq" / "definitions.json").read_text())["users"]
    (administrator,) = (user["name"] for user in users if "administrator" in user["tags"])
    knowing = {name for name, one in COMPOSE["services"].items()
               if password_variable(administrator) in json.dumps(one.get("environment", {}))}
    assert knowing == {"directory-sync", "definitions"}
    sync = COMPOSE["services"]["directory-sync"]
    assert (sync["command"], sync["restart"]) == (["zhongtai", "directory", "sync", "--watch"], "unless-stopped")
    url = fill(sync["environment"][MANAGEMENT_URL])
    assert url == f"http://{administrator}:a-secret@rabbitmq:15672"
    ManagementApi(url)
    assert COMPOSE["services"]["rabbitmq"]["image"].endswith("-management")
    assert "ports" not in COMPOSE["services"]["rabbitmq"], "the administrator's port is not published"


def test_the_edge_speaks_tls_with_what_the_second_file_mounts() -> None:
    both = COMPOSE["services"]["edge"]["environment"] | TLS["services"]["edge"]["environment"]
    edge = load_configuration(DEPLOY / "edge.yaml", environ={key: fill(value) for key, value in both.items()})["edge"]
    mounted = [f"/run/secrets/{name}" for name in TLS["services"]["edge"]["secrets"]]
    assert [edge["tls_certificate_file"], edge["tls_key_file"]] == mounted
    assert set(TLS["secrets"]) == set(TLS["services"]["edge"]["secrets"])


@pytest.mark.parametrize("name", sorted(business()))
def test_the_production_configuration_is_valid_in_each_container(name: str, tmp_path: Path) -> None:
    environment = {key: fill(str(value)) for key, value in business()[name]["environment"].items()}
    configuration = load_configuration(DEPLOY / "zhongtai.yaml", environ=environment, known_services=list(business()))
    assert configuration["environment"] == "production"
    assert configuration["bus"]["caller_authentication"] == "broker"
    assert configuration["broker"]["url"] == f"amqp://{name}:a-secret@rabbitmq:5672/zhongtai"
    assert configuration["security"]["master_key_file"] == "/run/secrets/master_key"


def fill(text: str) -> str:
    return re.sub(r"\$\{(\w+)(?::[?-]([^}]*))?\}", lambda match: EXAMPLE[match[1]] or "a-secret", text)


def test_the_env_file_is_written_with_a_different_secret_for_each(tmp_path: Path) -> None:
    target = tmp_path / "env"
    said = subprocess.run([DEPLOY / "make-env", target], check=True, capture_output=True, text=True).stdout
    written = dict(re.findall(r"(?m)^(\w+)=(.*)$", target.read_text()))
    passwords = [value for name, value in written.items() if name.endswith("_PASSWORD") and not name.startswith("SMTP")]
    assert written.keys() == EXAMPLE.keys()
    assert len(set(passwords)) == len(passwords) == 12
    assert all(re.fullmatch(r"[0-9a-f]{48}", password) for password in passwords)
    assert parse_key_ring(written["ZHONGTAI_MASTER_KEY"], configuration_key="ZHONGTAI_MASTER_KEY").versions == (1,)
    key = re.search(r"shown once: (\w{48})$", said, re.MULTILINE)
    assert key is not None
    assert written["APP_DEMO_KEY_SHA256"] == hashlib.sha256(key[1].encode()).hexdigest()
    assert target.stat().st_mode & 0o077 == 0
    again = subprocess.run([DEPLOY / "make-env", target], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "exists" in again.stderr


def test_the_env_file_is_never_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert ".env" in ignored


def test_the_image_runs_without_root_with_a_health_check_and_from_hashes() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"(?m)^USER [1-9]\d*$", final)
    assert re.search(r"(?m)^ARG SERVICE$", final)
    assert re.search(r"(?m)^HEALTHCHECK ", final)
    installs = re.findall(r"pip install [^\n&]+", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in install or "--no-deps" in install for install in installs)


def test_what_the_image_copies_is_there_and_reaches_the_builder() -> None:
    sent = re.findall(r"(?m)^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text())
    for copied in re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", DOCKERFILE):
        for source in copied.split():
            assert (ROOT / source).exists(), source
            assert source in sent


def test_only_arguments_that_the_image_takes_are_given_to_it() -> None:
    taken = set(re.findall(r"(?m)^ARG (\w+)", DOCKERFILE))
    for name, service in COMPOSE["services"].items():
        assert set(service.get("build", {}).get("args", {})) <= taken, name


def test_the_image_of_nginx_has_every_file_and_no_root() -> None:
    text = (NGINX / "Dockerfile").read_text()
    copied = re.search(r"(?m)^COPY (.+) \S+$", text)
    assert copied is not None
    assert set(copied[1].split()) == {path.name for path in NGINX.glob("*.conf")}
    assert re.search(r"(?m)^USER www-data$", text)


def test_nginx_reads_the_secrets_that_compose_mounts_and_goes_where_the_gateway_listens() -> None:
    listen, upstream = ((NGINX / name).read_text() for name in ("listen.conf", "upstream.conf"))
    assert set(re.findall(r"/run/secrets/(\w+)", listen)) == set(COMPOSE["services"]["nginx"]["secrets"])
    assert COMPOSE["services"]["nginx"]["ports"][0].endswith(re.findall(r"listen (\d+) ssl", listen)[0])
    http = yaml.safe_load(re.sub(r"\$\{\w+(:\w*)?\}", "x", (DEPLOY / "zhongtai.yaml").read_text()))["http"]
    assert f"server gateway:{http['port']};" in upstream


@pytest.mark.parametrize("setting", [
    "client_header_timeout 20s", "client_body_timeout 30s", "send_timeout 20s", "large_client_header_buffers 4 16k",
    "client_max_body_size 512k", "proxy_request_buffering off", "proxy_next_upstream off",
    "ssl_protocols TLSv1.2 TLSv1.3",
])
def test_the_limits_of_nginx_are_those_of_the_guide_for_operations(setting: str) -> None:
    """Tests with a real nginx shorten some of these."""
    assert f" {setting};" in (NGINX / "nginx.conf").read_text()


def test_each_problem_of_nginx_has_its_page_and_a_known_code() -> None:
    text, codes = (NGINX / "problems.conf").read_text(), (ROOT / "docs" / "error-codes.md").read_text()
    told = {int(status) for status in re.findall(r"(?m)^error_page .* =(\d+) /problem/\1;", text)}
    pages = [(int(status), json.loads(body)) for status, body in re.findall(r"return (\d+) '(.*)';", text)]
    assert told == {status for status, _ in pages}
    for status, problem in pages:
        assert problem["status"] == status
        assert problem["category"] in CATEGORIES
        assert f"`{problem['code']}`" in codes


def test_docker_compose_itself_takes_the_file(tmp_path: Path) -> None:
    """Where Docker Compose is installed; it needs no engine for this."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("Docker Compose is not installed")
    target = tmp_path / "env"
    subprocess.run([DEPLOY / "make-env", target], check=True, capture_output=True)
    subprocess.run(
        [docker, "compose", "--env-file", target, "-f", DEPLOY / "compose.yaml", "config", "--quiet"], check=True)


def instructions() -> list[tuple[str, str]]:
    """(instruction, arguments) of the Dockerfile; continued lines joined, comments left out."""
    text = re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE).replace("\\\n", " ")
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


def test_the_dockerfile_is_well_formed_and_keeps_the_usual_rules() -> None:
    lines = instructions()
    kinds = [kind for kind, _ in lines]
    assert set(kinds) <= {"FROM", "WORKDIR", "RUN", "ENV", "COPY", "ARG", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}
    stages = [arguments for kind, arguments in lines if kind == "FROM"]
    assert kinds[0] == "FROM" and len({stage.split()[0] for stage in stages}) == 1, "both stages have one base"
    for stage in stages:
        assert re.fullmatch(r"[\w./-]+:(?!latest)[\w.-]+( AS \w+)?", stage), f"{stage} has no fixed tag"
    for _, arguments in (line for line in lines if line[0] == "COPY" and "--from" in line[1]):
        assert re.match(r"--from=(\w+)", arguments)[1] in [stage.rpartition(" ")[2] for stage in stages]  # type: ignore[index]
    assert [kind for kind, _ in lines].count("CMD") == [kind for kind, _ in lines].count("HEALTHCHECK") == 1
    # Nothing is written as another user than the one that runs it, and nothing runs after the rights are given up.
    assert "RUN" not in kinds[kinds.index("USER"):] and "COPY" not in kinds[kinds.index("USER"):]
    assert isinstance(json.loads(dict(lines)["CMD"]), list), "CMD in exec form: a shell would not pass on SIGTERM"


def test_no_secret_is_baked_into_the_image() -> None:
    baked = [arguments for kind, arguments in instructions() if kind in ("ENV", "ARG")]
    assert not [arguments for arguments in baked if SECRET.search(arguments)]


def test_each_service_that_sets_documents_has_the_fonts_in_its_image() -> None:
    setting = {
        path.relative_to(ROOT / "services").parts[0] for path in (ROOT / "services").rglob("*.py")
        if "shared_components.typesetting" in path.read_text(encoding="utf-8")}
    (condition,) = re.findall(r"RUN if (.*?); then [^;]*?fonts-babelstone-han", DOCKERFILE, re.DOTALL)
    assert setting == set(re.findall(r'"\$SERVICE" = (\w+)', condition))
