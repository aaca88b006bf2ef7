"""Commands and queries of matter, one file each. They are given a transaction and never commit."""
from services.matter.usecases.bootstrap import bootstrap
from services.matter.usecases.kinds.callback.receive import ReceiveCallback, take_callback
from services.matter.usecases.kinds.pay.choose_channel import ChooseChannel, choose_channel
from services.matter.usecases.own_case import OneCase
from services.matter.usecases.publish_matter import PublishMatter, publish_matter
from services.matter.usecases.read_cases import ListCases, get_cases, list_cases
from services.matter.usecases.read_matters import GetGuide, ListMatters, get_guide, list_matters
from services.matter.usecases.retry_step import RetryStep, retry_step
from services.matter.usecases.save_form import SaveForm, save_form
from services.matter.usecases.start_case import StartCase, start_case
from services.matter.usecases.submit_case import SubmitCase, submit_case
from services.matter.usecases.withdraw_case import withdraw_case

__all__ = [
    "ChooseChannel", "GetGuide", "ListCases", "ListMatters", "OneCase", "PublishMatter", "ReceiveCallback", "RetryStep",
    "SaveForm", "StartCase", "SubmitCase", "bootstrap", "choose_channel", "get_cases", "get_guide", "list_cases",
    "list_matters", "publish_matter", "retry_step", "save_form", "start_case", "submit_case", "take_callback",
    "withdraw_case",
]
