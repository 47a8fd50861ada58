"""Settings by environment. Outside demo mode there are no default secrets."""

from pathlib import Path

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from clinic.api_description import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS

django_stubs_ext.monkeypatch()  # so that forms.ModelForm[Client] is a class at run time too

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO = env.bool("PALPATE_DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("PALPATE_DATA", default=str(BASE_DIR / "var")))


def secret(name: str) -> str:
    """A required secret; demo mode alone may go without."""
    value: str = env.str(name, default="")
    if len(value) >= 32:
        return value
    if DEMO and not value:
        return f"demo-only-{name.lower()}-never-for-a-real-clinic"
    raise ImproperlyConfigured(
        f"Set {name} to at least 32 random characters, for instance from: "
        "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    )


SECRET_KEY = secret("SECRET_KEY")
AUDIT_KEY = secret("AUDIT_KEY")
LINK_KEY = secret("LINK_KEY")
FIELD_KEYS = [secret("FIELD_KEY"), *env.list("OLD_FIELD_KEYS", default=[])]

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else [])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000" if DEMO else "").rstrip("/")
if not BASE_URL:
    raise ImproperlyConfigured("Set BASE_URL to the address clients see, such as https://clinic.example.org")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# Plain HTTP is for the demo on loopback; everything else is served behind TLS.
SECURE = env.bool("SECURE", default=not DEMO)

INSTALLED_APPS = [
    "clinic",
    "clinic.audit",
    "clinic.people",
    "clinic.messaging",
    "clinic.ui",
    "intake",
    "scheduling",
    "treatments",
    "treatments.outcomes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "phonenumber_field",
    "pgtrigger",
    "template_partials",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.audit.middleware.AuditContextMiddleware",
    "csp.middleware.CSPMiddleware",
    "clinic.ui.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "intake.kiosk_door.KioskMiddleware",
    "clinic.people.middleware.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.people.middleware.SessionTimeoutMiddleware",
    "clinic.people.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clinic.ui.middleware.HtmxMessagesMiddleware",
    "clinic.ui.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "clinic.ui.context_processors.shell",
            ],
        },
    },
]
FORM_RENDERER = "clinic.ui.renderer.FormRenderer"

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://palpate@127.0.0.1:5432/palpate")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A page reads few rows through many joins: compiling or trying each order of them would take longer than reading.
# The last spares every trigger a failed look for the setting, which costs more the longer a transaction lasts.
_PG_OPTIONS = {
    "jit": "off",
    "join_collapse_limit": "4",
    "lock_timeout": "3000",
    "idle_in_transaction_session_timeout": "60000",
    "pgtrigger.ignore": "{}",
}
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(f"-c {k}={v}" for k, v in _PG_OPTIONS.items())
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["clinic.people.backends.StaffBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "clinic.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "10/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_FORMS = {
    "login": "clinic.people.forms.sign_in.LoginForm",
    "reset_password": "clinic.people.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "clinic.people.forms.sign_in.ResetPasswordKeyForm",
    "change_password": "clinic.people.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "clinic.people.forms.sign_in.ReauthenticateForm",
}
MFA_ADAPTER = "clinic.people.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "clinic.people.forms.second_factor.AuthenticateForm",
    "reauthenticate": "clinic.people.forms.second_factor.ReauthenticateForm",
    "activate_totp": "clinic.people.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "clinic.people.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "clinic.people.forms.second_factor.RenamePasskeyForm",
    "login_webauthn": "clinic.people.forms.second_factor.PasskeyLoginForm",
    "authenticate_webauthn": "clinic.people.forms.second_factor.PasskeyAuthenticateForm",
    "reauthenticate_webauthn": "clinic.people.forms.second_factor.PasskeyReauthenticateForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the owner, and passwords are set by mailed link
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "Palpate"

SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=15 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 60 * 60)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-palpate" if SECURE else "palpate"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrftoken"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "clinic.ui.errors.csrf_failure"

SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SILENCED_SYSTEM_CHECKS = ["security.W003"]  # CsrfMiddleware is Django's with one case added
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CELERY_BROKER_URL = REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")

vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:2525"))
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="clinic@example.org" if DEMO else "webmaster@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "clinic.ui.formats"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_REGION = env.str("PHONE_REGION", default="US")

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [
    (f"vendor/{name}", BASE_DIR / "node_modules" / path)
    for name, path in (("htmx", "htmx.org/dist"), ("inter", "@fontsource-variable/inter/files"))
    if (BASE_DIR / "node_modules" / path).is_dir()
]
STATICFILES_FINDERS = [
    "clinic.ui.finders.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clinic.ui.storage.StaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
MEDIA_ROOT = DATA_DIR / "media"
MAILBOX_DIR = DATA_DIR / "mailbox"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["clinic.people.api_parser.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["clinic.core.throttles.StaffThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "EXCEPTION_HANDLER": "clinic.ui.errors.api_exception_handler",
    "PAGE_SIZE": 50,
}
_IN_DATABASE = "django.core.cache.backends.db.DatabaseCache"
CACHES = {
    # Counts tries and used codes, also while the broker is away; the table is made by people's migration 0005.
    "default": {"BACKEND": _IN_DATABASE, "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
    "broker": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_PREFIX": "palpate",
        "OPTIONS": {"socket_timeout": 3, "retry": Retry(NoBackoff(), 0)},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_links": {"()": "clinic.core.logs.WithoutLinks"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_links"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
