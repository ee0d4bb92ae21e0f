{{ config(meta={'label_zh': '月末一次加权平均的存货不能在成本池之间调拨（尚未支持）', 'label_en': 'items under periodic average cannot move between cost pools yet; use pool: company or another method'}) }}
-- The rate of one pool would depend on the rate of another; until such chains are solved they are refused, not approximated.
select document_no, line_no, item_code, warehouse_code, counterpart_warehouse_code
from {{ ref('costing_movement') }}
where method = 'periodic_average' and event_type in ('transfer_in', 'transfer_out') and not is_neutral
