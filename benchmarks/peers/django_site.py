"""Django 5: `plain` is a ListView with a form's worth of filters and our kind of template, `admin` is its admin."""

import sys
from pathlib import Path

import django
from answering import changing, serve
from django.conf import settings

file, shown = sys.argv[1:]
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[
        "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.messages",
        "django.contrib.sessions", "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY="a key for benchmarks only",
    STATIC_URL="/static/",
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]},
    }],
    USE_TZ=True,
)  # fmt: skip
django.setup()

from django.contrib import admin  # noqa: E402  # Django wants its settings first
from django.contrib.auth.mixins import LoginRequiredMixin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.generic import ListView  # noqa: E402

KINDS = ("association", "enterprise", "foundation", "hospital", "public_institution", "social_service")


class Provider(models.Model):
    code = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, choices=[(kind, kind) for kind in KINDS])
    uscc = models.CharField(max_length=18)
    district = models.CharField(max_length=200)
    street = models.CharField(max_length=200)
    number = models.CharField(max_length=200)
    standing = models.CharField(max_length=40, choices=[("listed", "listed"), ("none", "none")])
    sites = models.IntegerField()
    staff = models.IntegerField()
    qualified = models.IntegerField()
    verdict = models.CharField(max_length=40)

    class Meta:
        app_label = "auth"
        db_table = "provider"
        managed = False
        ordering = ("name", "id")


class Providers(LoginRequiredMixin, ListView):
    model = Provider
    paginate_by = 50
    template_name = "providers.html"

    def get_queryset(self):
        chosen = {key: self.request.GET[key] for key in ("kind", "standing") if self.request.GET.get(key)}
        return super().get_queryset().filter(**chosen)

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        page = context["page_obj"]
        return context | {
            "rows": page.object_list, "count": page.paginator.count, "kinds": KINDS, "standings": ("listed", "none"),
            "kind": self.request.GET.get("kind"), "standing": self.request.GET.get("standing"),
            "page": page.number, "before": page.number - 1, "after": page.number + 1,
            "user": self.request.user.username,
        }  # fmt: skip


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    list_display = (
        *("name", "kind", "district", "street", "number"),
        *("standing", "sites", "staff", "qualified", "verdict"),
    )
    list_filter = ("kind", "standing")
    list_per_page = 50
    show_full_result_count = False


urlpatterns = [path("providers", Providers.as_view()), path("admin/", admin.site.urls)]

call_command("migrate", verbosity=0)
member, _ = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
client = Client()
client.force_login(member)
cookie = f"sessionid={client.cookies['sessionid'].value}"
ADDRESSES = {
    "plain": "/providers?kind=social_service&standing=listed&page=3",
    "admin": "/admin/auth/provider/?kind__exact=social_service&standing__exact=listed&o=1&p=3",
}
serve(get_wsgi_application(), ADDRESSES[shown], cookie, change=changing(file))
