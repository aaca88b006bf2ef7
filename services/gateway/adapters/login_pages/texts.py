"""Texts of the login's and the account's pages; English is the key, Chinese stands here."""
from __future__ import annotations

from shared_components.pages.texts import Texts

CHINESE_TEXTS: Texts = {
    # A peak
    "Many people use this service now. Please try again in %(seconds)s seconds.":
        "当前使用人数较多，请在 %(seconds)s 秒后重试。",
    "You need not do anything: this page asks again by itself.": "无需操作，页面将自动重试。",
    # Every step
    "You sign in for “%(app)s” of %(owner)s.": "您正在登录%(owner)s的“%(app)s”。",
    "You sign in for “%(app)s”.": "您正在登录“%(app)s”。",
    "You sign in to manage your own account.": "您正在登录“我的账号”。",
    "Account: %(account)s": "当前账号：%(account)s",
    "Cancel and go back to the app": "取消并返回应用", "Continue": "下一步",
    "Use another account": "使用其他账号", "Use another way": "使用其他方式",
    # Sign in
    "Sign in": "登录", "Other ways": "其他登录方式", "Use a passkey": "使用通行密钥登录",
    "Identity document number, mobile number, e-mail address or user name": "证件号码、手机号、电子邮箱或用户名",
    "Continue with password": "密码登录", "Send a one-time code": "获取验证码",
    "Enter your password": "输入密码", "Password": "密码",
    "Enter the one-time code": "输入验证码", "One-time code": "验证码", "Digits only.": "只含数字。",
    "Send another code": "重新获取验证码",
    "If the account exists, a code is on its way to the contact that we have on record. It holds for 10 minutes, in "
    "this browser only.": "如账号存在，验证码已发送至登记的联系方式，10 分钟内有效，且仅限在本浏览器使用。",
    "Enter the code of your authenticator app": "输入身份验证器动态码", "Six-digit code": "6 位动态码",
    "The app on your phone shows a new code every 30 seconds. A recovery code is taken, too.":
        "手机上的身份验证器每 30 秒更新一次动态码；也可填写恢复码。",
    # Step-up
    "Confirm that it is you": "确认是您本人操作", "How do you want to confirm it?": "请选择核验方式",
    "The app asks for assurance level %(needed)s; yours is %(now)s now. Choose a way to raise it.":
        "该应用要求实名等级达到 %(needed)s 级，您目前为 %(now)s 级。请选择一种方式提升等级。",
    "Confirm with the authority": "通过权威机构核验", "Receipt": "核验回执号",
    "Scan your face or your certificate with the authority's own program, and enter the receipt that it gives you. "
    "Instead, you may have your document checked at any service counter.":
        "请在核验机构的程序中刷脸或出示数字证书，并填写其返回的回执号。您也可以持证件到任一办事窗口核验。",
    # Choices
    "Choose the post you work in": "选择工作岗位", "Department and roles": "部门与角色",
    "You have no post in this department. Ask its manager to enter you as an officer.":
        "您在该部门没有任职，请联系部门负责人登记。",
    "Choose whom you act for": "选择办事身份", "In this app I act for": "本次办理代表",
    "Allow access": "授权确认", "“%(app)s” asks for your consent to:": "“%(app)s”申请获得您的以下授权：",
    "Your consent is remembered. You can withdraw it at any time under “My account”.":
        "授权后将予以记录，您可随时在“我的账号”中撤回。",
    "Allow": "同意授权", "Do not allow": "不同意",
    # Problems, and the end
    "Go back to the app and begin again. If it happens again, tell the help desk this number:":
        "请返回应用重新操作。如问题仍然存在，请向客服提供编号：",
    "You are signed out": "已退出登录",
    "The session of all apps that you used through it has ended. On a shared computer, close the browser as well.":
        "通过本次登录使用的各应用会话均已结束。如使用公用电脑，请同时关闭浏览器。",
    # Account
    "My account": "我的账号", "Sessions": "登录会话", "Mandates": "授权经办", "Consents to apps": "应用授权",
    "Ways to sign in": "登录方式", "Requests about personal information": "个人信息请求",
    "Signed in as %(account)s": "当前账号：%(account)s", "Sign out": "退出登录",
    "There is nothing here yet.": "暂无记录。",
    "Change the password": "修改密码", "New password": "新密码", "New password, again": "再次输入新密码",
    "At least 8 characters. A sentence of several words is easy to remember and hard to guess.":
        "至少 8 个字符。由几个词组成的短句容易记、不易猜。",
    "Add a passkey": "添加通行密钥", "Name of the device": "设备名称",
    "Make a request": "提出请求", "What do you ask for?": "请求事项", "Send the request": "提交",
    "What it is about, in your own words": "请说明具体内容",
    "At most 200 characters.": "不超过 200 字。",
    "For a correction: the right data": "申请更正的，请填写正确信息",
    "Fill in what is to be corrected. An officer answers within the term that your request then shows; a refusal has "
    "its reason.": "只填写需要更正的项目。工作人员将在办理期限内答复，期限显示在请求中；不予办理的，会说明理由。",
    "Right name": "正确的姓名", "Right mobile number": "正确的手机号码", "Right e-mail address": "正确的电子邮箱",
    "A hyphen (-) removes it.": "填写减号（-）表示删除该项。",
    "Add an authenticator app": "添加身份验证器", "QR code of the key": "密钥二维码", "Key": "密钥",
    "Scan the code with the authenticator app on your phone, or type the key into it.":
        "用手机上的身份验证器扫描二维码，或手工输入密钥。",
    "Type the six digits that the app shows.": "输入身份验证器显示的 6 位数字。", "Confirm": "确认",
    "A code of the app is then asked for beside your password.": "添加后，登录时除密码外还须输入动态码。",
    "Set up an authenticator app": "设置身份验证器", "Make new recovery codes": "生成新的恢复码",
    "Your recovery codes": "您的恢复码",
    "Print or write them down now: they are shown this once. Each signs you in once when you have no authenticator "
    "app.":
        "请立即打印或抄写，恢复码仅显示这一次。身份验证器不在身边时，每个恢复码可使用一次。",
}
