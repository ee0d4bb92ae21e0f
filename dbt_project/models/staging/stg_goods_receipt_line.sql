{{ stage('goods_receipt_line') }}
