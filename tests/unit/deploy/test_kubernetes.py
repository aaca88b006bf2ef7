"""Checks of deploy/kubernetes without a cluster: it renders, follows its schemas, and keeps our own rules."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.identity.commands.sync import MANAGEMENT_URL
from shared_components.configuration.loading import load_configuration
from shared_components.devstack import binaries, kubernetes_files
from shared_components.runtime.discovery import service_names
from tests.npm_packages import node_modules

KUBERNETES = Path(__file__).parents[3] / "deploy" / "kubernetes"
OVERLAYS = ("dev", "production")
JUDGE = Path(__file__).with_name("kubernetes_judge")
BY_NPM = {"ScaledObject", "TriggerAuthentication", "Cluster"}
WITHOUT_SCHEMA = {"RabbitmqCluster"}
# Of the objects that the operator makes: docs/guides/operations.md, Kubernetes.
SECRETS = {"zhongtai-database", "zhongtai-broker", "zhongtai-master-key", "zhongtai-https", "zhongtai-keda",
           "zhongtai-rabbitmq", "zhongtai-definitions"}


@cache
def rendered(overlay: str) -> str:
    done = subprocess.run([binaries.kubectl(), "kustomize", KUBERNETES / "overlays" / overlay], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def objects(overlay: str, *kinds: str) -> list[dict[str, Any]]:
    found = [one for one in yaml.safe_load_all(rendered(overlay)) if not kinds or one["kind"] in kinds]
    assert found or kinds
    return found


def pods(overlay: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(one["metadata"]["name"], one["spec"]["template"]["spec"])
            for one in objects(overlay, "Deployment", "StatefulSet", "Job")]


def validate(text: str, folder: Path) -> str:
    file = folder / "objects.yaml"
    file.write_text(text)
    program = Path(sys.executable).with_name("kubernetes-validate")
    done = subprocess.run([program, "--strict", "--quiet", "--no-warn", str(file)], capture_output=True, text=True,
                          check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def judged(found: Sequence[Mapping[str, Any]]) -> str:
    modules = node_modules(JUDGE)
    done = subprocess.run(["node", JUDGE / "judge.mjs", modules], input=json.dumps(found), capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_objects_of_services_are_as_the_code_writes_them() -> None:
    assert (kubernetes_files.BASE / "services.yaml").read_text(encoding="utf-8") == kubernetes_files.text(), \
        "run python -m shared_components.devstack.kubernetes_files"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_built_in_kinds_follow_their_schemas_and_a_mistake_is_caught(overlay: str, tmp_path: Path) -> None:
    built_in = [one for one in objects(overlay) if one["kind"] not in BY_NPM | WITHOUT_SCHEMA]
    assert validate(yaml.safe_dump_all(built_in), tmp_path) == ""
    wrong = rendered(overlay).replace("terminationGracePeriodSeconds", "terminationGraceSeconds")
    assert "terminationGraceSeconds" in validate(wrong, tmp_path)


def test_objects_of_keda_and_cloudnativepg_follow_theirs_and_a_mistake_is_caught() -> None:
    found = objects("production", *BY_NPM)
    assert {one["kind"] for one in found} == BY_NPM
    assert judged(found) == ""
    scaled = next(one for one in found if one["kind"] == "ScaledObject")
    assert "minReplicaCount" in judged([{**scaled, "spec": {**scaled["spec"], "minReplicaCount": "two"}}])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_has_limits_a_fixed_image_and_no_rights(overlay: str) -> None:
    for name, pod in pods(overlay):
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        for container in pod["containers"]:
            repository, _, tag = container["image"].rpartition(":")
            assert repository and tag not in ("", "latest"), f"{name}: {container['image']}"
            assert {"cpu", "memory"} <= set(container["resources"]["limits"]), name
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def test_each_service_has_its_deployment_probes_budget_and_spread() -> None:
    deployments = {one["metadata"]["name"]: one["spec"] for one in objects("production", "Deployment")}
    budgets = {one["metadata"]["name"] for one in objects("production", "PodDisruptionBudget")}
    assert set(deployments) == {*service_names(), "edge", "nginx", "directory-sync"}
    assert deployments.pop("directory-sync")["replicas"] == 1, "it serves nobody; a second one would do the same again"
    for name, spec in deployments.items():
        pod = spec["template"]["spec"]
        assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
        assert pod["topologySpreadConstraints"][0]["whenUnsatisfiable"] == "DoNotSchedule"
        assert name in budgets
        if name in service_names():
            (container,) = pod["containers"]
            paths = {probe: container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")}
            assert paths == {"livenessProbe": "/live", "readinessProbe": "/ready"}
            assert container["command"] == ["zhongtai", "serve", name]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_who_synchronises_the_brokers_users_alone_has_the_administrators_password(overlay: str) -> None:
    knowing = {name for name, pod in pods(overlay) for one in pod["containers"][0].get("env", [])
               if one.get("valueFrom", {}).get("secretKeyRef") == {"name": "zhongtai-broker", "key": "directory-sync"}}
    assert knowing == {"directory-sync"}
    (container,) = dict(pods(overlay))["directory-sync"]["containers"]
    assert container["command"] == ["zhongtai", "directory", "sync", "--watch"]
    variables = {one["name"]: one.get("value") for one in container["env"]}
    assert variables[MANAGEMENT_URL] == "http://directory-sync:$(BROKER_PASSWORD)@rabbitmq:15672"
    names = list(variables)
    assert names.index("BROKER_PASSWORD") < names.index(MANAGEMENT_URL), "a value may name those before it"
    policies = {one["metadata"]["name"]: one["spec"] for one in objects(overlay, "NetworkPolicy")}
    (way,) = policies["users-of-apps-for-the-directory"]["ingress"]
    assert way == {"from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "directory-sync"}}}],
                   "ports": [{"port": 15672}]}


def test_a_process_may_drain_before_it_is_killed() -> None:
    environment = dict.fromkeys(("SMTP_HOST", "SMTP_SENDER", "APP_DEMO_KEY_SHA256"), "x") | {
        "ZHONGTAI_BROKER_URL": "amqp://rabbitmq/", "ZHONGTAI_DATABASE_URL": "postgresql://x/",
        "ZHONGTAI_PUBLIC_URL": "https://gov.example"}
    drain_s = load_configuration(KUBERNETES.parent / "zhongtai.yaml", environ=environment)["bus"]["drain_s"]
    for name, pod in pods("production"):
        if name not in ("rabbitmq", "migrate"):
            assert pod["terminationGracePeriodSeconds"] >= drain_s + 15, name


def test_whom_citizens_wait_for_runs_twice_and_scales_by_calls_first() -> None:
    scaled = {one["metadata"]["name"]: one["spec"] for one in objects("production", "ScaledObject")}
    assert set(scaled) == set(service_names())
    for name, spec in scaled.items():
        kinds = [trigger["type"] for trigger in spec["triggers"]]
        assert kinds == (["prometheus", "cron"] if name == "gateway" else ["prometheus", "rabbitmq", "cron"])
        assert spec["minReplicaCount"] >= (2 if name in kubernetes_files.CITIZENS else 1)
    assert objects("dev", "ScaledObject") == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_named_is_there_and_secrets_are_references_only(overlay: str) -> None:
    found = objects(overlay)
    assert not [one for one in found if one["kind"] == "Secret"], "secrets are made by the operator"
    maps = {one["metadata"]["name"] for one in found if one["kind"] == "ConfigMap"}
    for name, pod in pods(overlay):
        volumes = pod.get("volumes", [])
        named = {one["configMap"]["name"] for one in volumes if "configMap" in one}
        secrets = {one["secret"]["secretName"] for one in volumes if "secret" in one}
        for variable in (one for container in pod["containers"] for one in container.get("env", [])):
            source = variable.get("valueFrom", {})
            named |= {source["configMapKeyRef"]["name"]} if "configMapKeyRef" in source else set()
            secrets |= {source["secretKeyRef"]["name"]} if "secretKeyRef" in source else set()
        assert named <= maps and secrets <= SECRETS, name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_those_who_write_and_read_files_share_the_folder_of_materials(overlay: str) -> None:
    folder = yaml.safe_load((KUBERNETES.parent / "zhongtai.yaml").read_text())["materials"]["folder"]
    (claim,) = (one for one in objects(overlay, "PersistentVolumeClaim")
                if one["metadata"]["name"] == kubernetes_files.MATERIALS)
    assert claim["spec"]["accessModes"] == (["ReadWriteMany"] if overlay == "production" else ["ReadWriteOnce"])
    mounting = set()
    for name, pod in pods(overlay):
        volumes = {one["name"]: one.get("persistentVolumeClaim", {}).get("claimName") for one in pod.get("volumes", [])}
        mounting |= {name for mount in pod["containers"][0]["volumeMounts"]
                     if mount["mountPath"] == folder and volumes[mount["name"]] == kubernetes_files.MATERIALS}
    assert mounting == {"gateway", "matter", "notification"}


def test_the_broker_and_the_database_are_of_supported_versions_and_three() -> None:
    (broker,) = objects("production", "StatefulSet")
    assert broker["spec"]["replicas"] == 3
    assert broker["spec"]["template"]["spec"]["containers"][0]["image"] == "rabbitmq:4.2-management"
    (database,) = objects("production", "Cluster")
    assert (database["spec"]["instances"], database["spec"]["postgresql"]["synchronous"]["number"]) == (3, 1)
    assert int(database["spec"]["imageName"].rpartition(":")[2].partition(".")[0]) >= 16


def test_nobody_is_reached_unless_a_policy_says_so() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in objects("production", "NetworkPolicy")}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    outside = {name for name, spec in policies.items() if any("from" not in one for one in spec.get("ingress", []))}
    assert outside == {"https-from-outside", "amqp-from-outside"}
