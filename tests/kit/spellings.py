# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of invented people as different hands write them, and names that only look alike.

Written by hand from how such names are met in passports, letters and chats, not from the tables
of `kernel/names`: a set drawn by the code would praise it.  All words of one row are one name.
"""

from typing import Final

ONE_NAME: Final = tuple(
    tuple(row.split())
    for row in """
Магомед Магомеда Магомеду Магомедом Магомет Мухаммад Мохаммед Мухамад Magomed Magomet Muhammad Mukhammad Mohammed Muhammed Mohamed Magamed Mahomed محمد
Магомедов Магомедова Магомедову Магомедовым Magomedov Magomedova Magomedow Magamedov Magomedoff
Хадижат Хадиджа Хадижа Хадижату Хадижат Khadizhat Hadizhat Khadija Hadija Hadijat Khadijat Chadischat Hatice خديجة
Зулихан Зулейхан Зулайхан Zulikhan Zulihan Zuleykhan Zuleihan Zulaykhan Sulichan
Шамиль Шамиля Шамилем Shamil Shamil' Şamil Schamil Chamil Šamilʹ شامل
Хасан Гасан Хасана Hasan Khasan Hassan Gasan Chassan حسن
Хусейн Гусейн Хусейна Хусаин Huseyn Hussein Khuseyn Gusein Hüseyin Husain حسين
Ибрагим Ибрагима Ибрахим Ibragim Ibrahim Ibrakhim ابراهيم إبراهيم
Рамзан Рамзана Рамазан Ramzan Ramazan Ramzan رمضان
Зелимхан Зелимхана Zelimkhan Zelimhan Zelimxan Selimchan
Джамбулат Джамбулата Dzhambulat Djambulat Jambulat Dschambulat Cambulat
Айшат Аишат Айша Айшату Aishat Ayshat Aisha Aïcha Ayşe عائشة
Марьям Мариям Марьяма Maryam Mariam Mariyam Mar'yam Meryem مريم
Патимат Фатима Патиматой Patimat Fatima Fatimat فاطمة
Абдурахман Абдурахмана Абдуррахман Abdurahman Abdurakhman Abdurrahman عبدالرحمن
Сулейман Сулейману Сулайман Suleiman Suleyman Sulayman Souleïman Süleyman سليمان
Ислам Ислама Исламу Islam Islam إسلام
Заур Заура Zaur Saur Zaour
Аслан Аслана Aslan Asslan
Руслан Руслана Русланом Ruslan Rouslan Rusłan
Рустам Рустама Рустем Rustam Roustam Rustem
Тимур Тимура Timur Timour Temur
Ахмед Ахмеда Ахмад Ахмет Ahmed Akhmed Akhmad Ahmad Achmed Ahmet أحمد احمد
Юсуф Юсуп Юсуфа Yusuf Jusuf Iusuf Youssouf Yusup Yusuph يوسف
Умар Омар Умара Umar Omar Oumar عمر
Усман Осман Усмана Usman Osman Ousman عثمان
Гульнара Гульнары Гюльнара Gulnara Gul'nara Gülnara Goulnara
Мурад Мурата Мурад Murad Mourad Murat مراد
Зарема Заремы Зареме Zarema Sarema
Мадина Мадины Мадину Madina Madinat Medina
Лейла Лейлы Лайла Leyla Leila Lejla Laila ليلى
Залина Залину Zalina Salina
Саид Саида Said Saïd Sayid سعيد
Александр Александра Александром Олександр Alexander Aleksandr Alexandr Oleksandr Саша Саню Шура Sasha Sascha Sacha
Алексей Алексея Aleksei Alexey Alexei Aleksey Aleksej Лёша Леша Лёху Алёша Lyosha Lesha
Мария Марии Марию Marija Maria Mariya Mariia Маша Машу Маше Машенька Masha Mascha Macha
Наталья Наталии Наталия Natalia Natalya Nataliya Natal'ia Наташа Наташу Natasha Natascha Natacha
Екатерина Екатерины Катерина Ekaterina Yekaterina Jekaterina Ekatérina Катя Кате Katya Katja Katia
Дмитрий Дмитрия Дмитро Dmitry Dmitri Dmitriy Dmitrij Dmitrii Дима Диму Митя Dima
Евгений Евгения Evgeny Evgenii Yevgeny Jewgenij Evgueni Yevgeniy Женя Жени Zhenya Jenya Genia
Сергей Сергея Сергею Sergey Sergei Sergej Serguei Serhii Сергій Серёжа Сережа Seryozha
Фёдор Федор Фёдора Fyodor Fedor Fjodor Fiodor Федя Fedya
Пётр Петр Петра Петру Pyotr Petr Pjotr Piotr Petya Петя Петро
Павел Павла Павлом Pavel Pawel Паша Паши Pasha
Юлия Юлии Юля Юле Yulia Julia Iuliia Yuliya Juliia Юлией Youlia
Ольга Ольги Ольге Olga Ol'ga Olha Оля Оле Olya Olja
Елена Елены Елене Elena Yelena Jelena Helena Олена Лена Лене Lena
Ксения Ксении Kseniya Ksenia Xenia Ксюша Ксюши Ksyusha
Владимир Владимира Володимир Vladimir Wladimir Volodymyr Вова Вове Володя Vova
Анна Анны Анну Ганна Anna Hanna Аня Ане Анечка Anya Anja Ania
Татьяна Татьяны Tatiana Tatyana Tatjana Tatʹjana Tetiana Тетяна Таня Tanya Tanja
Людмила Людмилы Lyudmila Ludmila Liudmila Ljudmila Lioudmila Люда Люде
Светлана Светланы Svetlana Swetlana Света Светой Svitlana
Михаил Михаила Михаилу Mikhail Michail Mihail Mixail Миша Мише Misha Mischa Micha
Николай Николая Nikolai Nikolay Nikolaj Nikolaï Микола Коля Коле Kolya
Георгий Георгия Georgy Georgiy Georgii Georgij Гоша Жора Gosha
Илья Ильи Илье Ilya Ilia Ilja Il'ya Илюша
Лев Льва Льву Lev Lew Лёва Лева
Вячеслав Вячеслава Vyacheslav Viacheslav Wjatscheslaw Viatcheslav Vjačeslav Слава Славе
Любовь Любови Lyubov Liubov Ljubow Lioubov Люба Любе Lyuba
Иванов Иванова Иванову Ивановым Ивановы Ивановых Ивановой Ivanov Ivanova Iwanow Iwanowa Ivanoff Iwanoff
Хаджиев Хаджиева Хаджиевым Khadzhiev Hadjiev Hadzhiev Khadjiev Hadschijew Hacıyev Xadzhiev Khadzhiyev
Чагаев Чагаева Chagaev Tchagaev Tschagajew Chagayev Çagayev Čagaev 4agaev
Щербаков Щербакова Shcherbakov Scherbakov Schtscherbakow Chtcherbakov Ščerbakov Shherbakov Sherbakov
Жуковский Жуковская Жуковского Жуковской Zhukovsky Zhukovskiy Zhukovskaya Joukovski Schukowski Jukovskiy Žukovskij Zhukovskaia
Цветаев Цветаева Tsvetaev Tsvetaeva Cvetaev Zwetajewa Tsvetayeva Tcvetaev
Шишкин Шишкина Шишкиной Shishkin Schischkin Chichkine Şişkin Šiškin 6i6kin
Яндиев Яндиева Yandiev Iandiev Jandiev Yandiyev Jandijew
Юшаев Юшаева Yushaev Iushaev Juschajew Yushayev Jušaev Iouchaev
Эльмурзаев Эльмурзаева Elmurzaev El'murzaev Elmurzayev Elmursajew
Ахмедов Ахмедова Ahmedov Akhmedov Achmedow Axmedov Akhmedova
Дудаев Дудаевой Dudaev Dudayev Dudajew Doudaev
Гайрбеков Гайрбекова Gairbekov Gayrbekov Gajrbekow Gaïrbekov
Басаев Басаева Basaev Basayev Bassajew Bassaev
Закаев Закаева Zakaev Zakayev Sakajew
Межидов Межидова Mezhidov Mejidov Meschidow Mežidov
Хучиев Хучиева Khuchiev Huchiev Chutschijew Khoutchiev Xuchiev
Чечелашвили Chechelashvili Tschetschelaschwili Tchetchelachvili Čečelašvili 4e4elashvili
Петросян Петросяна Petrosyan Petrosian Petrosjan
Шевченко Shevchenko Schewtschenko Chevtchenko Ševčenko Shevčenko
Ковальчук Ковальчука Kovalchuk Kovalchouk Kowaltschuk Koval'chuk Kovaltchouk
Лукьяненко Lukyanenko Lukianenko Lukjanenko Loukianenko
Горбачёв Горбачев Горбачева Gorbachev Gorbachov Gorbatschow Gorbatchev Gorbačëv Gorbachyov
Хрущёва Хрущева Khrushcheva Khrushchev Chruschtschow Khrouchtchev Hruščëv
Соловьёв Соловьев Соловьева Solovyov Solovyev Solovev Solowjow Solov'ev Soloviev
Алиев Алиева Алиевой Aliev Aliyev Alijew Əliyev Alieva
Байсангуров Байсангурова Baysangurov Baisangurov Bajsangurow Baïsangourov
Тазуркаев Тазуркаева Tazurkaev Tasurkajew Tazurkayev Tazourkaev
Мусаевич Мусаевича Musaevich Musayevich Musajewitsch Moussaevitch
Магомедович Магомедовича Магомедовичу Magomedovich Magomedowitsch Magomedovitch Magomedoviç Мухаммадович
Магомедовна Магомедовны Магомедовной Magomedovna Magomedowna
Александровна Александровны Aleksandrovna Alexandrovna Alexandrowna Олександрівна
Сергеевич Сергеевича Sergeevich Sergeyevich Sergejewitsch Sergueïevitch
Ильинична Ильиничны Ilinichna Il'inichna Ilyinichna
Нұрсұлтан Нурсултан Nursultan Noursoultan
Қайрат Кайрат Кайрата Kairat Kayrat Qairat
Әлия Алия Алии Aliya Alia Aliia
Жанна Жанны Zhanna Janna Schanna Žanna Jeanne
Ўктам Уктам Uktam Oktam
Джохар Джохара Dzhokhar Dzhohar Djokhar Jokhar Dschochar
""".strip().splitlines()
)

UNSEEN: Final = tuple(
    tuple(row.split())
    for row in """
Аюб Аюба Ayub Aiub Ajub Ayoub أيوب
Висхан Висхана Viskhan Vishan Wischan Viskhanu
Дени Deni Dény
Идрис Идриса Idris Idriss Idrys إدريس
Турпал Турпала Turpal Tourpal
Ваха Вахи Vakha Vaha Wacha Waha
Лечи Lechi Letchi Letschi
Микаил Микаила Mikail Mikhail Mikaïl ميكائيل
Исмаил Исмаила Ismail Izmail Ismaël إسماعيل
Камилла Камиллы Kamilla Camilla Kamila
Луиза Луизы Luiza Louisa Luisa Louiza
Хеда Хеды Kheda Heda Cheda
Петимат Петимата Petimat Pétimat
Румиса Румисы Rumisa Roumissa
Аминат Аминату Aminat Amina أمينة
Тамерлан Тамерлана Tamerlan Tamerlane Темирлан
Нурлан Нурлана Nurlan Nourlan
Бауыржан Бауржан Бауржана Bauyrzhan Baurzhan Baurjan
Жанибек Жанибека Zhanibek Janibek Džanibek
Фаррух Фарруха Farrukh Farruh Faruch
Шахноза Шахнозы Shakhnoza Shahnoza Schachnosa
Зухра Зухры Zukhra Zuhra Suchra Zoukhra زهرة
Рифат Рифата Rifat Rifate
Айнур Айнура Ainur Aynur Ajnur
Григорий Григория Hryhorii Grigory Grigorij Grigori Гриша Гриши Grisha Grischa
Анастасия Анастасии Anastasia Anastasiya Anastassia Настя Насте Nastya Nastja Nastia
Ярослав Ярослава Yaroslav Iaroslav Jaroslaw Yaroslaw
Тимофей Тимофея Timofey Timofei Timofej Timothée
Ульяна Ульяны Uliana Ulyana Uljana Ouliana
Всеволод Всеволода Vsevolod Wsewolod Сева Севе
Артём Артем Артёма Artem Artyom Artiom Artjom Тёма
Цхадаев Цхадаева Tskhadaev Chadajew Tskhadayev Cxadaev
Эскиев Эскиева Eskiev Eskiyev Eskijew
Ющенко Yushchenko Juschtschenko Iouchtchenko Juščenko
Чижов Чижова Chizhov Tschischow Tchijov Čižov 4ijov
Шахбиев Шахбиева Shakhbiev Schachbijew Chakhbiev Shahbiev Şahbiyev
Хасбулатов Хасбулатову Khasbulatov Hasbulatov Chasbulatow Khasboulatov
Джабраилов Джабраилова Dzhabrailov Jabrailov Djabraïlov Dschabrailow Cabrailov
Яхъяев Яхъяева Yakhyaev Iakhiaev Jachjajew Yahyaev
Айдамиров Айдамирова Aidamirov Aydamirov Ajdamirow
Ёлкин Елкин Ёлкина Yolkin Elkin Jolkin Yelkin
Быков Быкова Bykov Bykow Bıkov
Белый Белого Белому Belyi Bely Belyy Belyj
Толстая Толстой Толстую Tolstaya Tolstaja Tolstaia
Заяц Зайца Zayats Zajac Zaiats
Бондаренко Бондаренка Bondarenko Bondarenka
Мельник Мельника Melnik Mel'nik Melnyk Мельнику
Ткаченко Tkachenko Tkatschenko Tkatchenko Ткаченка
Лукашевич Лукашевича Lukashevich Lukaschewitsch Loukachevitch Lukaševič
Янукевич Янукевича Yanukevich Janukewitsch Ianoukevitch Янукевіч
Ованнисян Ованнисяна Hovhannisyan Ovannisyan Ovanissian
Мамедов Мамедова Mamedov Mamedow Məmmədov Mammadov
Каримов Каримова Karimov Karimow Kərimov
Рахимов Рахимову Rakhimov Rahimov Rachimow Raximov
Сыдыков Сыдыкова Sydykov Sidikov Sydykow
Токтогулов Токтогулова Toktogulov Toktogoulov
Ахметжанов Ахметжанова Akhmetzhanov Ahmetjanov Achmetschanow
Николаевич Николаевича Nikolaevich Nikolayevich Nikolajewitsch Nikolaïevitch
Юрьевна Юрьевны Yurievna Yuryevna Jurjewna Iourievna
Ахмедовна Ахмедовны Akhmedovna Ahmedovna Achmedowna Ахмадовна
Львович Львовича Lvovich Lwowitsch L'vovich
Павловна Павловны Pavlovna Pawlowna
""".strip().splitlines()
)
"""Written after the code, and read by it once before anything was mended by them."""

OTHER_NAMES: Final = tuple(
    tuple(row.split())
    for row in """
Марина Мария
Марьям Мария
Марина Марьяна
Саша Маша
Алина Алена
Ахмедов Ахматов
Ахмедов Хамидов
Иванов Иванченко
Иванов Ивановский
Иванович Иванов
Магомедов Магомедович
Магомедов Махмудов
Магомед Махмуд
Магомедович Магомедовна
Рамзан Руслан
Руслан Рустам
Аслан Арслан
Асланов Арсланов
Хасан Хусейн
Хасанов Хусейнов
Умар Амир
Анвар Омар
Саид Саидат
Салим Салман
Залина Зарина
Зарема Зарина
Лейла Лариса
Мадина Марина
Амина Анна
Алиев Алимов
Алиев Гелиев
Петров Петренко
Петров Петровский
Дудаев Дадаев
Басаев Бисаев
Жуков Щукин
Жуков Чуков
Шишкин Чижкин
Сергей Сергиенко
Дмитрий Дамир
Дмитрий Дана
Николай Никита
Ольга Олег
Юлия Юлиан
Елена Эльвира
Ivanov Iveanu
Magomed Mahmud
Khasan Khusein
Akhmedov Akhmatov
Marina Maria
Chagaev Shagalov
Zhukov Shukin
Aliev Alimov
Ramzan Ruslan
Ирина Карина
Ирина Арина
Галина Калина
Камиль Камал
Джамал Джалал
Джабраил Джамал
Исмаил Исраил
Ибрагим Идрис
Исаев Асаев
Мусаев Мансуров
Эльдар Ильдар
Эльвира Эльмира
Хава Хеда
Хадижат Халимат
Сакинат Салимат
Зульфия Зулейха
Мурадов Муратов
Гусейнов Гусаков
Абдуллаев Абдулаханов
Ковальчук Коваленко
Яндиев Янгиев
""".strip().splitlines()
)
