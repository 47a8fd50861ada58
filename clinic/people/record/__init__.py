"""The record of one client, put together from what each part of the product has to say.

A part says it in its module or package `client_record`, which is imported once all apps are there: panels of the page
(`panels`), entries of the timeline (`timeline`), and what it holds when all that is held is handed out (`held`).
"""
