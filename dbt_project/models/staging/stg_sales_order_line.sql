{{ stage('sales_order_line') }}
