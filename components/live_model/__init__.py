"""The node that finds the model which is live where models are pushed to.

It reads what `components.model_pusher` writes, with the pusher's own code: both are one
contract, `BLESSED.json`.
"""
