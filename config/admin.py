"""What other packages put into the admin and nobody here needs: a role says everything a group would."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

for unused in (Group, EmailAddress, Authenticator):
    admin.site.unregister(unused)
