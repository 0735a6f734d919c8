"""A town's tills as programs of their own, with bad networks, wrong clocks and crashes, at a running instance.

plan.py      who shows what where and when, what fails when: all from a seed
network.py   a line for each till that can be cut, or swallow answers
counter.py   the program of one till: it uses clients/python
cards.py     what is shown: codes of people, of blank cards, and some that are no good
day.py       lets a plan happen
books.py     what the tills were told, laid beside what stands in the databases
"""
