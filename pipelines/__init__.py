"""tieout: keeps a company's inventory system and its general ledger in agreement.

One folder per step of the flow; the modules beside this one hold what several steps share.
"""
