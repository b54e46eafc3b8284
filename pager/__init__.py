"""Calls the agencies of a First Responder Protocol, and escalates until somebody answers. The way of a page:

1. `lifecycle/trigger.py` opens an encounter: one commit holds it, its pages and their first deliveries.
2. `lifecycle/tick.py` beats: it escalates what is due and hands out what is to be sent.
3. `domain/escalation.py` decides what a page needs now; `lifecycle/paging.py` writes the decision down.
4. `lifecycle/send.py` asks the carrier, `lifecycle/record.py` notes what became of it, `lifecycle/receipt.py` what the
   carrier tells later, `lifecycle/resolve.py` finds out what nobody knows.
5. `lifecycle/reply.py` and `lifecycle/call.py` hear the answer, by text or by key; `lifecycle/act.py` does what it
   says: `acknowledge.py`, `release.py`, `arrive.py`. `lifecycle/report.py` does it for the dispatcher.
6. `lifecycle/alert.py` tells the dispatcher when to pick up a telephone.
7. `lifecycle/close.py` ends it, and `lifecycle/stand_down.py` tells whoever was called.
"""
