"""Kubernetes objects of our services, as files: `python -m shared_components.devstack.kubernetes_files`.

All services have one form, so it stands here once; what is written by hand lies beside the written files.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from shared_components.bus.deployment.rights import DIRECTORY_SYNC
from shared_components.kernel.callers import GATEWAY
from shared_components.runtime.discovery import service_names

DEPLOY = Path(__file__).parents[2] / "deploy"
BASE = DEPLOY / "kubernetes" / "base"
IMAGE = "zhongtai"
MANAGEMENT_URL = "ZHONGTAI_BROKER_MANAGEMENT_URL"
# bus.drain_s and 15 s: Kubernetes ends a process that has not ended by itself.
GRACE_S = 40
HTTP_PORT, HEALTH_PORT = 8000, 8080
CITIZENS = ("gateway", "identity", "payment", "elicence", "matter")
"""Services that citizens wait for: never fewer than two processes of these."""
WITH_MATERIALS = (GATEWAY, "matter", "notification")
"""Services that read and write files of citizens: each pod of them mounts the same volume."""
MATERIALS, MATERIALS_FOLDER = "zhongtai-materials", "/materials"
PART_OF = {"app.kubernetes.io/part-of": "zhongtai"}
ENVIRONMENT = ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY", "SMTP_SENDER", "APP_DEMO_KEY_SHA256", "ZHONGTAI_PUBLIC_URL")


def objects() -> Iterator[dict[str, Any]]:
    """Yield every object, in the order of the file."""
    yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "zhongtai", "labels": PART_OF}, "data": {
        name: (DEPLOY / name).read_text(encoding="utf-8") for name in ("zhongtai.yaml", "edge.yaml")}}
    yield _materials_claim()
    for name in service_names():
        yield _deployment(name)
        yield _service(name)
        yield _disruption_budget(name)
        if name != GATEWAY:
            yield scaled_object(name)
    yield _gateway_scaled_object()
    yield _migration()
    yield _directory_sync()


def _materials_claim() -> dict[str, Any]:
    """ReadWriteMany: pods on several hosts write. The cluster's storage class must offer it, as NFS and CephFS do."""
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": MATERIALS, "labels": PART_OF},
            "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "100Gi"}}}}


def _metadata(name: str) -> dict[str, Any]:
    return {"name": name, "labels": {"app.kubernetes.io/name": name, **PART_OF}}


def _selector(name: str) -> dict[str, Any]:
    return {"matchLabels": {"app.kubernetes.io/name": name}}


def _floor(name: str) -> int:
    return 2 if name in CITIZENS else 1


def _deployment(name: str) -> dict[str, Any]:
    metadata = _metadata(name)
    return {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
        "spec": {
            # KEDA sets the number; without it so many run.
            "replicas": _floor(name), "selector": _selector(name), "revisionHistoryLimit": 3,
            # The new process serves before an old one leaves.
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {
                "metadata": {"labels": metadata["labels"], "annotations": {
                    "prometheus.io/scrape": "true", "prometheus.io/port": str(HEALTH_PORT)}},
                "spec": {
                    **_pod(), "terminationGracePeriodSeconds": GRACE_S,
                    "topologySpreadConstraints": _spread(name),
                    "containers": [_container(name)], "volumes": _volumes(name),
                },
            },
        },
    }  # fmt: skip


def _spread(name: str) -> list[dict[str, Any]]:
    return [{"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
             "labelSelector": _selector(name)}]


def _pod() -> dict[str, Any]:
    return {
        "automountServiceAccountToken": False, "enableServiceLinks": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "runAsGroup": 10001, "fsGroup": 10001,
                            "seccompProfile": {"type": "RuntimeDefault"}},
    }  # fmt: skip


def _container(name: str) -> dict[str, Any]:
    port = HTTP_PORT if name == GATEWAY else HEALTH_PORT
    ports = [{"name": "health", "containerPort": HEALTH_PORT}]
    return {
        "name": name, "image": IMAGE, "command": ["zhongtai", "serve", name],
        "ports": [*ports, *([{"name": "http", "containerPort": HTTP_PORT}] if name == GATEWAY else [])],
        "env": _environment(name),
        "resources": {"requests": {"cpu": "500m", "memory": "256Mi"}, "limits": {"cpu": "1", "memory": "768Mi"}},
        "startupProbe": _probe("/live", port, periodSeconds=2, failureThreshold=60),
        "livenessProbe": _probe("/live", port, periodSeconds=10, failureThreshold=3),
        "readinessProbe": _probe("/ready", port, periodSeconds=5, failureThreshold=2),
        "securityContext": _confined(), "volumeMounts": _mounts(name),
    }


def _probe(path: str, port: int, **more: int) -> dict[str, Any]:
    return {"httpGet": {"path": path, "port": port}, "timeoutSeconds": 3, **more}


def _confined() -> dict[str, Any]:
    return {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def _environment(name: str) -> list[dict[str, Any]]:
    """The order matters: a value may name those before it."""
    plain = [{"name": variable, "valueFrom": {"configMapKeyRef": {"name": "zhongtai-settings", "key": variable}}}
             for variable in ENVIRONMENT]
    return [
        {"name": "ZHONGTAI_CONFIG", "value": "/etc/zhongtai/zhongtai.yaml"},
        _secret("ZHONGTAI_DATABASE_URL", "zhongtai-database", "uri"),
        _secret("BROKER_PASSWORD", "zhongtai-broker", name),
        {"name": "ZHONGTAI_BROKER_URL", "value": f"amqp://{name}:$(BROKER_PASSWORD)@rabbitmq:5672/zhongtai"},
        *plain,
    ]


def _secret(variable: str, secret: str, key: str) -> dict[str, Any]:
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _mounts(name: str) -> list[dict[str, Any]]:
    return [
        {"name": "configuration", "mountPath": "/etc/zhongtai", "readOnly": True},
        {"name": "master-key", "mountPath": "/run/secrets", "readOnly": True}, {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
        *([{"name": "materials", "mountPath": MATERIALS_FOLDER}] if name in WITH_MATERIALS else []),
    ]


def _volumes(name: str) -> list[dict[str, Any]]:
    return [
        {"name": "configuration", "configMap": {"name": "zhongtai"}},
        {"name": "master-key", "secret": {"secretName": "zhongtai-master-key", "defaultMode": 0o440}},
        {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
        *([{"name": "materials", "persistentVolumeClaim": {"claimName": MATERIALS}}] if name in WITH_MATERIALS else []),
    ]


def _service(name: str) -> dict[str, Any]:
    ports = [{"name": "health", "port": HEALTH_PORT, "targetPort": "health"}]
    http = [{"name": "http", "port": HTTP_PORT, "targetPort": "http"}] if name == GATEWAY else []
    return {"apiVersion": "v1", "kind": "Service", "metadata": _metadata(name), "spec": {
        "selector": {"app.kubernetes.io/name": name}, "ports": [*http, *ports]}}


def _disruption_budget(name: str) -> dict[str, Any]:
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": _metadata(name),
            "spec": {"maxUnavailable": 1, "selector": _selector(name)}}


def scaled_object(name: str) -> dict[str, Any]:
    """KEDA: calls that wait and run, then the queue of calls as a safety net, then the known peak."""
    calls = (f'sum(zhongtai_in_flight{{service="{name}"}}) + max(zhongtai_queue_messages_ready{{queue="rpc-{name}"}})')
    return _scaled(name, [
        {"type": "prometheus", "metadata": {
            "serverAddress": "http://prometheus.monitoring:9090", "query": calls, "threshold": "64"}},
        {"type": "rabbitmq", "metadata": {
            "protocol": "http", "mode": "QueueLength", "value": "200", "queueName": f"rpc-{name}",
            "vhostName": "zhongtai"}, "authenticationRef": {"name": "rabbitmq-management"}},
        _peak(),
    ])  # fmt: skip


def _gateway_scaled_object() -> dict[str, Any]:
    requests = "sum(rate(zhongtai_http_requests_total[1m]))"
    return _scaled(GATEWAY, [
        {"type": "prometheus", "metadata": {
            "serverAddress": "http://prometheus.monitoring:9090", "query": requests, "threshold": "1000"}},
        _peak(),
    ])  # fmt: skip


def _peak() -> dict[str, Any]:
    """Change it to the department's own peaks: here the first half of each month, by day."""
    return {"type": "cron", "metadata": {
        "timezone": "Asia/Shanghai", "start": "30 7 1-15 * *", "end": "0 20 1-15 * *", "desiredReplicas": "4"}}


def _scaled(name: str, triggers: list[dict[str, Any]]) -> dict[str, Any]:
    down = {"stabilizationWindowSeconds": 180, "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}
    return {
        "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": _metadata(name),
        "spec": {
            "scaleTargetRef": {"name": name}, "minReplicaCount": _floor(name), "maxReplicaCount": 8,
            "pollingInterval": 5, "cooldownPeriod": 180, "triggers": triggers,
            "advanced": {"horizontalPodAutoscalerConfig": {"behavior": {
                "scaleUp": {"stabilizationWindowSeconds": 0}, "scaleDown": down}}},
        },
    }  # fmt: skip


def _migration() -> dict[str, Any]:
    container = _without_probes(_container("migrate")) | {"command": ["zhongtai", "migrate"], "ports": [], "env": [
        {"name": "ZHONGTAI_CONFIG", "value": "/etc/zhongtai/zhongtai.yaml"},
        _secret("ZHONGTAI_DATABASE_URL", "zhongtai-database", "uri"),
        {"name": "ZHONGTAI_BROKER_URL", "value": "amqp://rabbitmq/"}, *_environment("migrate")[4:]]}
    return {
        "apiVersion": "batch/v1", "kind": "Job", "metadata": _metadata("migrate"),
        "spec": {"backoffLimit": 3, "ttlSecondsAfterFinished": 86_400, "template": {
            "metadata": {"labels": _metadata("migrate")["labels"]},
            "spec": {**_pod(), "restartPolicy": "OnFailure", "containers": [container],
                     "volumes": _volumes("migrate")}}},
    }  # fmt: skip


def _directory_sync() -> dict[str, Any]:
    """One process: the broker's users of apps follow the directory. It alone has the administrator's password."""
    metadata = _metadata(DIRECTORY_SYNC)
    container = _without_probes(_container(DIRECTORY_SYNC)) | {
        "command": ["zhongtai", "directory", "sync", "--watch"], "ports": [],
        "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}},
        "env": [
            *_environment(DIRECTORY_SYNC)[:3], {"name": "ZHONGTAI_BROKER_URL", "value": "amqp://rabbitmq/"},
            {"name": MANAGEMENT_URL, "value": f"http://{DIRECTORY_SYNC}:$(BROKER_PASSWORD)@rabbitmq:15672"},
            *_environment(DIRECTORY_SYNC)[4:]]}
    return {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
        "spec": {
            "replicas": 1, "selector": _selector(DIRECTORY_SYNC), "revisionHistoryLimit": 3,
            "strategy": {"type": "Recreate"},
            "template": {"metadata": {"labels": metadata["labels"]}, "spec": {
                **_pod(), "terminationGracePeriodSeconds": GRACE_S,
                "topologySpreadConstraints": _spread(DIRECTORY_SYNC), "containers": [container],
                "volumes": _volumes(DIRECTORY_SYNC)}},
        },
    }  # fmt: skip


def _without_probes(container: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in container.items() if not key.endswith("Probe")}


def text() -> str:
    head = "# Written by python -m shared_components.devstack.kubernetes_files; do not change it by hand.\n"
    return head + yaml.dump_all(map(_plain, objects()), sort_keys=False, allow_unicode=True, width=120)


def _plain(content: Any) -> Any:
    """Copy, so that YAML writes no aliases."""
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    return [_plain(value) for value in content] if isinstance(content, list) else content


def main() -> int:
    (BASE / "services.yaml").write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
