{{ stage('opening_item_line') }}
