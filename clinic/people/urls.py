from django.urls import path

from clinic.people.views import account, demo

app_name = "people"
urlpatterns = [
    path("demo/sign-in/", demo.sign_in, name="demo-sign-in"),
    path("signed-in/", account.signed_in, name="signed-in"),
]
