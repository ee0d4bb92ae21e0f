"""What the example company's items look like by category: names, units, lots, prices, how many there are.

Items themselves are drawn in `masters.py`.
"""

from __future__ import annotations

from pipelines.demo import company

UNIT = 10_000
"""One stock unit in quantity integers."""

SHAPES: dict[int, tuple[tuple[str, ...], str, int, tuple[int, int], tuple[int, int]]] = {
    # category: names, unit, step, lot in units (low, high), price in 1e-4 yuan (low, high)
    company.RAW: (
        (
            "冷轧钢板",
            "铝型材",
            "不锈钢带",
            "ABS塑料粒子",
            "黄铜棒",
            "环氧树脂",
            "镀锌卷板",
            "尼龙66",
            "硅胶",
            "紫铜线",
        ),
        "千克",
        500,
        (200, 2400),
        (42_000, 880_000),
    ),
    company.MER: (
        (
            "轴承",
            "密封圈",
            "伺服电机",
            "减速机",
            "传感器",
            "继电器",
            "气缸",
            "电磁阀",
            "接线端子",
            "开关电源",
        ),
        "个",
        UNIT,
        (20, 240),
        (180_000, 9_600_000),
    ),
    company.FIN: (
        ("控制柜", "输送机组件", "工作台", "夹具", "配电箱", "机架", "分拣模块", "料仓", "护罩", "导轨总成"),
        "台",
        UNIT,
        (20, 160),
        (1_200_000, 24_000_000),
    ),
    company.PKG: (
        ("纸箱", "木托盘", "缠绕膜", "气泡袋", "珍珠棉护角", "周转箱"),
        "只",
        UNIT,
        (300, 4000),
        (8_000, 260_000),
    ),
    company.SVC: (("电费", "水费", "设备维修", "检测服务"), "项", UNIT, (1, 1), (3_000_000, 60_000_000)),
    company.FRT: (("公路运输服务", "仓储装卸服务"), "项", UNIT, (1, 1), (2_000_000, 30_000_000)),
    company.MAT: (
        ("电机壳体毛坯", "齿轮坯料", "轴用圆钢", "铸铝件", "硅钢片", "漆包线"),
        "件",
        UNIT,
        (200, 900),
        (60_000, 420_000),
    ),
    company.PRD: (
        ("减速电机", "齿轮箱", "驱动总成", "电动推杆", "旋转台"),
        "台",
        UNIT,
        (20, 110),
        (2_400_000, 5_600_000),
    ),
    company.LND: (("国际运费", "关税及清关费", "码头装卸费"), "项", UNIT, (1, 1), (1_000_000, 9_000_000)),
    company.STD: (("内六角螺栓", "弹簧垫圈", "定位销", "直线轴承"), "盒", UNIT, (60, 400), (90_000, 900_000)),
    company.SUB: (("表面处理壳体", "热处理齿轮", "镀锌支架"), "件", UNIT, (40, 200), (300_000, 900_000)),
    company.OSF: (("委外加工费",), "项", UNIT, (1, 1), (1_000_000, 9_000_000)),
    company.LOT: (("伺服驱动器", "谐波减速机", "视觉相机"), "台", UNIT, (10, 40), (6_000_000, 18_000_000)),
}


def item_counts(documents: int) -> dict[int, int]:
    """Items per category that `documents` a period keep busy; of lots the items, not the lots."""

    def some(share: int, low: int, high: int) -> int:
        return min(max(documents // share, low), high)

    return {
        company.RAW: some(16, 8, 2000),
        company.MER: some(12, 10, 3000),
        company.FIN: some(25, 6, 1500),
        company.PKG: some(60, 4, 400),
        company.SVC: 4,
        company.FRT: 2,
        company.MAT: some(60, 4, 600),
        company.PRD: some(80, 3, 400),
        company.LND: 3,
        company.STD: some(100, 3, 300),
        company.LOT: some(200, 2, 200),
        company.SUB: some(200, 2, 200),
        company.OSF: 1,
    }


def lots_of(periods: int) -> int:
    """Lots of an item: one from before, two a month."""
    return 1 + 2 * periods
