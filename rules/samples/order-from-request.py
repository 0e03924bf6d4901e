# ruleid: order-from-request
query.order_by(request.args["sort"])
# ok: order-from-request
query.order_by(SORTS[asked])
