"""Filters for every template: how a value reads on a page."""

from django.template import Library

from kliento.web.reading import member_number, written_in

register = Library()
register.filter("member_number", member_number)
register.filter("written_in", written_in)
