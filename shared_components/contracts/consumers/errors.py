"""Errors of files that tell of consumers or deployments; each error names the file and the place."""
from __future__ import annotations

from shared_components.kernel.errors import InvalidInput, NotFound


class ConsumerFileInvalid(InvalidInput):
    code = "contracts.consumer-file-invalid"
    texts = {"en": "The consumer's file is not valid.", "zh": "消费方文件无效。"}


class ProviderStateUnknown(InvalidInput):
    code = "contracts.provider-state-unknown"
    texts = {"en": "The pact names a provider state that is not known.", "zh": "契约文件使用了未知的提供方状态。"}


class DeploymentsEdited(InvalidInput):
    """The table of deployments is not as a command wrote it."""

    code = "contracts.deployments-edited"
    texts = {"en": "The table of deployments is not as it was written.", "zh": "部署记录表已被改动。"}


class EnvironmentUnknown(NotFound):
    code = "contracts.environment-unknown"
    texts = {"en": "Nothing was recorded for this environment.", "zh": "该环境没有部署记录。"}
