{{ stage('purchase_order_line') }}
