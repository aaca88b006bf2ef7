"""The states of departments, memberships, apps, their access to production, and their keys."""
from __future__ import annotations

from shared_components.kernel.states import Edge, StateMachine

DEPARTMENT_CHANGED, MEMBERSHIP_CHANGED, APP_CHANGED = "department-changed", "membership-changed", "app-changed"

ACTIVE, MERGED, CLOSED, FROZEN, ENDED, REVOKED = "active", "merged", "closed", "frozen", "ended", "revoked"
NONE, REQUESTED, APPROVED = "none", "requested", "approved"

DEPARTMENT = StateMachine(
    "department", initial=ACTIVE, final=[MERGED, CLOSED],
    edges=[Edge(ACTIVE, MERGED, DEPARTMENT_CHANGED), Edge(ACTIVE, CLOSED, DEPARTMENT_CHANGED)],
)
MEMBERSHIP = StateMachine(
    "membership", initial=ACTIVE, final=[ENDED], edges=[Edge(ACTIVE, ENDED, MEMBERSHIP_CHANGED)],
)
APP = StateMachine(
    "app", initial=ACTIVE, final=[CLOSED],
    edges=[
        Edge(ACTIVE, FROZEN, APP_CHANGED), Edge(FROZEN, ACTIVE, APP_CHANGED),
        Edge(ACTIVE, CLOSED, APP_CHANGED), Edge(FROZEN, CLOSED, APP_CHANGED),
    ],
)
# What was approved stays in force while a change of it is requested, and when that change is refused.
PRODUCTION = StateMachine(
    "app-production", initial=NONE,
    edges=[
        Edge(NONE, REQUESTED, APP_CHANGED), Edge(REQUESTED, APPROVED, APP_CHANGED),
        Edge(REQUESTED, NONE, APP_CHANGED), Edge(APPROVED, REQUESTED, APP_CHANGED),
    ],
)
APP_KEY = StateMachine("app-key", initial=ACTIVE, final=[REVOKED], edges=[Edge(ACTIVE, REVOKED, APP_CHANGED)])

DEPARTMENT_LABELS = {ACTIVE: "正常", MERGED: "已合并", CLOSED: "已撤销"}
MEMBERSHIP_LABELS = {ACTIVE: "任职中", ENDED: "已结束"}
APP_LABELS = {ACTIVE: "正常", FROZEN: "冻结", CLOSED: "已下线"}
PRODUCTION_LABELS = {NONE: "未开通", REQUESTED: "待审批", APPROVED: "已开通"}
